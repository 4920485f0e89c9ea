use std::sync::Arc;

use domain::{ManualClock, Timestamp};

use super::{Breaker, Limits};

const LIMITS: Limits = Limits {
    failures: 3,
    first_pause_millis: 1_000,
    longest_pause_millis: 3_000,
};

fn breaker() -> (Arc<ManualClock>, Breaker) {
    let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_000_000)));
    (clock.clone(), Breaker::new(clock, LIMITS))
}

fn fail(breaker: &Breaker) {
    breaker.pass().expect("it lets through").failed();
}

fn open(breaker: &Breaker) {
    (0..LIMITS.failures).for_each(|_| fail(breaker));
}

#[test]
fn it_opens_after_failures_in_a_row_and_not_before() {
    let (_, breaker) = breaker();
    fail(&breaker);
    fail(&breaker);
    breaker.pass().expect("it lets through").answered();
    fail(&breaker);
    fail(&breaker);
    assert!(!breaker.is_open());
    fail(&breaker);
    assert_eq!(
        breaker.pass().err().map(|open| open.wait_millis),
        Some(1_000)
    );
}

#[test]
fn one_tries_and_an_answer_opens_the_way_for_all() {
    let (clock, breaker) = breaker();
    open(&breaker);
    clock.advance_millis(1_000);
    let probe = breaker.pass().expect("one may try");
    assert!(breaker.pass().is_err(), "nobody else meanwhile");
    probe.answered();
    assert!(breaker.pass().is_ok() && breaker.pass().is_ok());
}

#[test]
fn pauses_double_up_to_the_longest() {
    let (clock, breaker) = breaker();
    open(&breaker);
    for pause in [1_000, 2_000, 3_000, 3_000] {
        clock.advance_millis(pause - 1);
        assert!(breaker.pass().is_err(), "{pause}");
        clock.advance_millis(1);
        fail(&breaker);
    }
}

#[test]
fn whoever_tries_and_goes_away_leaves_the_way_to_the_next() {
    let (clock, breaker) = breaker();
    open(&breaker);
    clock.advance_millis(1_000);
    drop(breaker.pass().expect("one may try"));
    assert!(breaker.pass().is_ok());
}

#[test]
fn late_answers_do_not_close_it() {
    let (_, breaker) = breaker();
    let early = breaker.pass().expect("it lets through");
    open(&breaker);
    early.answered();
    assert!(breaker.pass().is_err());
}

#[test]
fn a_clock_set_back_does_not_keep_it_open() {
    let (clock, breaker) = breaker();
    open(&breaker);
    clock.advance_millis(-60_000);
    assert!(breaker.pass().is_ok());
}
