use std::net::IpAddr;

use domain::Timestamp;
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

use super::{Throttle, neighbourhood};
use crate::Error;

const BEGIN: i64 = 1_700_000_000_000;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(BEGIN + millis)
}

#[test]
fn what_was_forgiven_does_not_count() {
    let throttle = Throttle::new(2, 1000);
    for round in 0..10 {
        throttle.attempt(&"a", at(round)).expect("below the limit");
        throttle.forgive(&"a", at(round));
    }
    throttle.attempt(&"a", at(10)).expect("one");
    throttle.attempt(&"a", at(10)).expect("two");
    assert!(throttle.attempt(&"a", at(10)).is_err());
    throttle.attempt(&"b", at(10)).expect("somebody else");
    throttle.clear(&"a");
    throttle.attempt(&"a", at(10)).expect("forgiven");
}

#[test]
fn neighbours_in_ipv6_count_as_one() {
    let of = |text: &str| neighbourhood(text.parse::<IpAddr>().expect("an address"));
    assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
    assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
}

proptest! {
    /// Held against the definition: never more than the limit in any window, and the wait that is
    /// named is exactly enough.
    #[test]
    fn no_window_holds_more_than_the_limit(
        steps in proptest::collection::vec(0_i64..400, 1..100),
        limit in 1_usize..6,
        window in 1_i64..2000,
    ) {
        let throttle = Throttle::new(limit, window);
        let mut passed: Vec<i64> = Vec::new();
        let mut now = 0;
        for step in steps {
            now += step;
            let counted = passed.iter().filter(|time| now - **time < window).count();
            match throttle.attempt(&(), at(now)) {
                Ok(()) => {
                    prop_assert!(counted < limit);
                    passed.push(now);
                }
                Err(Error::Wait { seconds }) => {
                    prop_assert_eq!(counted, limit);
                    let oldest = passed[passed.len() - limit];
                    let wait = oldest + window - now;
                    prop_assert_eq!(seconds, wait.unsigned_abs().div_ceil(1000));
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
}
