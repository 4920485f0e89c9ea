use proptest::prelude::{any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::{Just, Strategy};

use super::{Wanted, parse};

#[test]
fn the_examples_of_the_rfc() {
    assert_eq!(parse("bytes=0-499", 10_000), Wanted::Part(0..500));
    assert_eq!(parse("bytes=500-999", 10_000), Wanted::Part(500..1000));
    assert_eq!(parse("bytes=-500", 10_000), Wanted::Part(9500..10_000));
    assert_eq!(parse("bytes=9500-", 10_000), Wanted::Part(9500..10_000));
    assert_eq!(parse("bytes=0-0", 10_000), Wanted::Part(0..1));
    assert_eq!(parse("Bytes = 0-0", 10_000), Wanted::Part(0..1));
}

#[test]
fn what_is_no_range_is_ignored() {
    for header in [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-1",
        "bytes=1-x",
        "bytes=+1-2",
        "bytes=0x1-2",
        "bytes=1-2-3",
        "lines=0-1",
        "bytes=0-1,3-4",
        "bytes=99-x",
    ] {
        assert_eq!(parse(header, 10), Wanted::Whole, "{header}");
    }
}

#[test]
fn what_lies_outside_is_nothing() {
    for header in [
        "bytes=10-",
        "bytes=10-20",
        "bytes=-0",
        "bytes=99999999999999999999-",
    ] {
        assert_eq!(parse(header, 10), Wanted::Nothing, "{header}");
    }
}

#[test]
fn of_an_empty_file_everything_is_whole() {
    for header in ["bytes=0-", "bytes=-5", "bytes=0-0"] {
        assert_eq!(parse(header, 0), Wanted::Whole, "{header}");
    }
}

/// The bytes meant, one by one: the definition rather than the arithmetic.
fn naive(first: Option<u64>, last: Option<u64>, size: u64) -> Vec<u64> {
    (0..size)
        .filter(|at| match (first, last) {
            (Some(first), Some(last)) => (first..=last).contains(at),
            (Some(first), None) => *at >= first,
            (None, Some(length)) => size - at <= length,
            (None, None) => false,
        })
        .collect()
}

fn bound() -> impl Strategy<Value = Option<u64>> {
    prop_oneof![Just(None), (0_u64..60).prop_map(Some), Just(Some(u64::MAX))]
}

proptest! {
    #[test]
    fn every_range_is_the_naive_one(first in bound(), last in bound(), size in 1_u64..50) {
        let text = |bound: Option<u64>| bound.map(|at| at.to_string()).unwrap_or_default();
        let header = format!("bytes={}-{}", text(first), text(last));
        let backwards = matches!((first, last), (Some(first), Some(last)) if first > last);
        match parse(&header, size) {
            Wanted::Part(range) => {
                prop_assert_eq!(range.collect::<Vec<_>>(), naive(first, last, size));
            }
            Wanted::Nothing => prop_assert!(naive(first, last, size).is_empty() && !backwards),
            Wanted::Whole => prop_assert!(backwards || (first, last) == (None, None)),
        }
    }

    #[test]
    fn any_text_gives_a_part_within_or_none(header in any::<String>(), size in any::<u64>()) {
        if let Wanted::Part(range) = parse(&header, size) {
            prop_assert!(range.start < range.end && range.end <= size);
        }
    }
}
