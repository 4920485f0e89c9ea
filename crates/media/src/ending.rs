//! From how a child ended to what its owner is told.

use crate::outcome::refuse;
use crate::wire::{Ended, How, exit};
use crate::{Limits, Problem, ProblemCode};

/// What allocators say, in Rust and in C++, before they abort.
const OUT_OF_MEMORY: [&str; 2] = ["memory allocation of ", "std::bad_alloc"];

/// The problem with a child's end; `None` when it ended as it should and its answer counts.
/// `words` are its last on standard error.
pub(crate) fn problem(ended: Ended, words: &str, limits: &Limits) -> Option<Problem> {
    let problem = match ended.how {
        How::Exited(0) => return None,
        How::Exited(exit::PANICKED) => {
            refuse(ProblemCode::Crashed, "the decoder gave up on this file")
        }
        How::Exited(exit::NOT_BEGUN) => refuse(
            ProblemCode::Unavailable,
            "the decoder could not be locked in",
        ),
        How::Exited(exit::NOT_ANSWERED) => refuse(
            ProblemCode::Crashed,
            "the decoder could not give its answer",
        ),
        How::Exited(code) => {
            let message = format!("the decoder ended by itself with code {code}");
            refuse(ProblemCode::Crashed, &message)
        }
        How::NotForked(_) => refuse(
            ProblemCode::Unavailable,
            "the machine cannot start a decoder",
        ),
        How::Signalled(signal) => by_signal(signal, ended, words, limits),
    };
    Some(problem)
}

fn by_signal(signal: i32, ended: Ended, words: &str, limits: &Limits) -> Problem {
    let out_of_memory = || {
        let mib = limits.max_memory >> 20;
        let message = format!("decoding it takes more than the {mib} MiB of memory allowed");
        refuse(ProblemCode::TooLarge, &message)
    };
    let too_slow = || {
        let seconds = limits.max_cpu_seconds;
        let message = format!("decoding it takes more than the {seconds} s of CPU time allowed");
        refuse(ProblemCode::TimedOut, &message)
    };
    match signal {
        libc::SIGXCPU => too_slow(),
        libc::SIGKILL if ended.cpu_ms >= u64::from(limits.max_cpu_seconds) * 1000 => too_slow(),
        // The kernel, when memory runs out: because of this child, or because it was there.
        libc::SIGKILL if ended.peak_kib << 10 >= limits.max_memory / 2 => out_of_memory(),
        libc::SIGKILL => refuse(
            ProblemCode::Unavailable,
            "the machine ended the decoder before it was done",
        ),
        libc::SIGABRT if OUT_OF_MEMORY.iter().any(|said| words.contains(said)) => out_of_memory(),
        libc::SIGXFSZ => {
            let mib = limits.max_output >> 20;
            let message = format!("a picture made from it is larger than the {mib} MiB allowed");
            refuse(ProblemCode::TooLarge, &message)
        }
        _ => {
            let message = format!("the decoder died with {}", signal_name(signal));
            refuse(ProblemCode::Crashed, &message)
        }
    }
}

fn signal_name(signal: i32) -> String {
    let name = match signal {
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGBUS => "SIGBUS",
        libc::SIGABRT => "SIGABRT",
        libc::SIGILL => "SIGILL",
        libc::SIGFPE => "SIGFPE",
        libc::SIGSYS => "SIGSYS",
        libc::SIGTRAP => "SIGTRAP",
        other => return format!("signal {other}"),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests;
