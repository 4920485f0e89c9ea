use domain::Timestamp;

use super::{HOUR_MILLIS, Hours};

fn hours(text: &str) -> Vec<i64> {
    let hours: Hours = text.parse().unwrap();
    assert_eq!(hours.to_string(), text);
    // A day long ago and one to come: the hour is the same.
    (0..24)
        .filter(|hour| {
            let at = |day: i64| Timestamp::from_millis((day * 24 + hour) * HOUR_MILLIS);
            assert_eq!(hours.hold(at(-3)), hours.hold(at(20_000)));
            hours.hold(at(20_000))
        })
        .collect()
}

#[test]
fn a_night_goes_over_midnight() {
    assert_eq!(hours("22-3"), [0, 1, 2, 22, 23]);
    assert_eq!(hours("1-3"), [1, 2]);
    assert_eq!(hours("0-24").len(), 24);
}

#[test]
fn what_is_no_span_is_refused() {
    for text in ["", "5", "5-5", "24-3", "1-25", "a-b", "-1-3"] {
        assert!(text.parse::<Hours>().is_err(), "{text}");
    }
}
