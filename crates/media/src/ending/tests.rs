use super::problem;
use crate::wire::{Ended, How, exit};
use crate::{Config, ProblemCode};

fn told(how: How, cpu_ms: u64, words: &str) -> Option<(ProblemCode, String)> {
    with_peak(how, cpu_ms, 0, words)
}

fn with_peak(how: How, cpu_ms: u64, peak_kib: u64, words: &str) -> Option<(ProblemCode, String)> {
    let ended = Ended {
        how,
        cpu_ms,
        peak_kib,
    };
    problem(ended, words, &Config::default().limits()).map(|p| (p.code, p.message))
}

fn code(how: How, cpu_ms: u64, words: &str) -> ProblemCode {
    told(how, cpu_ms, words).unwrap().0
}

#[test]
fn a_good_end_is_no_problem() {
    assert_eq!(told(How::Exited(0), 0, "a warning"), None);
}

#[test]
fn only_what_is_not_the_files_fault_is_tried_again() {
    assert!(code(How::NotForked(11), 0, "").is_transient());
    assert!(code(How::Exited(exit::NOT_BEGUN), 0, "").is_transient());
    assert!(!code(How::Exited(exit::PANICKED), 0, "").is_transient());
    assert!(!code(How::Exited(exit::NOT_ANSWERED), 0, "").is_transient());
    assert!(!code(How::Signalled(libc::SIGSEGV), 0, "").is_transient());
}

#[test]
fn an_abort_for_want_of_memory_is_told_from_another() {
    let abort = How::Signalled(libc::SIGABRT);
    let rust = "memory allocation of 8388608 bytes failed";
    let cpp = "terminate called after throwing an instance of 'std::bad_alloc'";
    assert_eq!(code(abort, 0, rust), ProblemCode::TooLarge);
    assert_eq!(code(abort, 0, cpp), ProblemCode::TooLarge);
    assert_eq!(code(abort, 0, "assertion failed"), ProblemCode::Crashed);
}

#[test]
fn a_kill_is_by_the_clock_or_for_memory_or_not_the_files_fault() {
    let kill = How::Signalled(libc::SIGKILL);
    assert_eq!(code(kill, 31_000, ""), ProblemCode::TimedOut);
    let (large, _) = with_peak(kill, 10, Config::default().limits().max_memory >> 10, "").unwrap();
    assert_eq!(large, ProblemCode::TooLarge);
    assert!(code(kill, 10, "").is_transient());
}

#[test]
fn signals_are_named() {
    let (_, message) = told(How::Signalled(libc::SIGBUS), 0, "").unwrap();
    assert_eq!(message, "the decoder died with SIGBUS");
    let (_, message) = told(How::Signalled(40), 0, "").unwrap();
    assert_eq!(message, "the decoder died with signal 40");
}
