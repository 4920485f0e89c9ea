use domain::Timestamp;
use proptest::prelude::{prop_assert, proptest};

use super::{Crowd, Meter, Rule};

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + millis)
}

#[test]
fn rules_are_read_as_people_write_them() {
    for (text, count, seconds, written) in [
        ("100/min", 100, 60, "100/min"),
        (" 100 / minute ", 100, 60, "100/min"),
        ("5/s", 5, 1, "5/s"),
        ("20/10s", 20, 10, "20/10s"),
        ("7/2m", 7, 120, "7/120s"),
        ("5000/hour", 5000, 3600, "5000/hour"),
    ] {
        let rule = Rule::parse(text).expect(text).expect("a rule");
        assert_eq!((rule.count(), rule.window().as_secs()), (count, seconds));
        assert_eq!(Rule::show(Some(rule)), written);
    }
    assert_eq!(Rule::parse("off"), Ok(None));
    assert_eq!(Rule::show(None), "off");
}

#[test]
fn what_is_no_rule_is_refused() {
    for text in [
        "",
        "on",
        "100",
        "/min",
        "0/min",
        "5/0s",
        "5/",
        "-5/min",
        "5/day",
        "5/25h",
        "5/min/min",
        "5/60",
        "5/99999999999999999999h",
        "5/9223372036854775807h",
        "99999999999/s",
    ] {
        assert!(Rule::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_burst_is_let_through_and_then_the_even_pace() {
    let meter = Meter::new(Rule::new(100, 60));
    for left in (0..100).rev() {
        let reading = meter.count("a", at(0));
        assert_eq!((reading.wait, reading.remaining), (None, left));
    }
    let refused = meter.count("a", at(0));
    assert_eq!(
        (refused.wait, refused.remaining, refused.reset),
        (Some(1), 0, 60)
    );
    assert_eq!(meter.count("b", at(0)).wait, None, "others are not held up");
    assert_eq!(meter.count("a", at(599)).wait, Some(1));
    assert_eq!(
        meter.count("a", at(600)).wait,
        None,
        "one every 0.6 seconds"
    );
    assert_eq!(meter.count("a", at(600)).wait, Some(1));
    assert_eq!(
        meter.count("a", at(60_600)).remaining,
        99,
        "all of it again"
    );
}

#[test]
fn a_clock_that_was_set_back_locks_nobody_out() {
    let meter = Meter::new(Rule::new(2, 10));
    for _ in 0..3 {
        meter.count("a", at(3_600_000));
    }
    let reading = meter.count("a", at(0));
    assert!(reading.wait.is_none_or(|wait| wait <= 5), "{reading:?}");
    assert_eq!(meter.count("a", at(10_000)).wait, None);
}

proptest! {
    #[test]
    fn no_window_holds_more_than_a_burst_and_its_pace(
        count in 1_u32..50, seconds in 1_u64..20, gaps in proptest::collection::vec(0_i64..400, 1..300)
    ) {
        let meter = Meter::new(Rule::new(count, seconds));
        let mut now = 0;
        let mut passed = Vec::new();
        for gap in gaps {
            now += gap;
            if meter.count((), at(now)).wait.is_none() {
                passed.push(now);
            }
        }
        let window = i64::try_from(seconds).expect("few") * 1000;
        for (index, from) in passed.iter().enumerate() {
            let within = passed[index..].iter().filter(|at| **at - from < window).count();
            prop_assert!(within <= 2 * count as usize);
        }
    }
}

#[test]
fn a_place_is_given_back_when_it_is_dropped() {
    let crowd = Crowd::default();
    let first = crowd.enter("a", 2).expect("room");
    let second = crowd.enter("a", 2).expect("room");
    assert!(crowd.enter("a", 2).is_none());
    let other = crowd.enter("b", 2).expect("others have their own");
    drop(first);
    let third = crowd.enter("a", 2).expect("room again");
    assert_eq!(crowd.clients(), 2);
    drop((second, third, other));
    assert_eq!(crowd.clients(), 0, "nobody is remembered who holds nothing");
}
