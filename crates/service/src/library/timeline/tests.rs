use domain::Day;
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

use super::{MAX_BUCKET, Timeline};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

#[test]
fn a_full_month_is_told_by_its_days() {
    let timeline = Timeline::of(&[
        (day("2024-06-02"), 3),
        (day("2024-05-31"), 600),
        (day("2024-05-01"), 401),
        (day("2024-04-30"), 1000),
    ]);
    assert_eq!(timeline.total, 2004);
    let told: Vec<_> = timeline
        .buckets
        .iter()
        .map(|bucket| {
            (
                bucket.key.as_str(),
                bucket.from.to_string(),
                bucket.to.to_string(),
                bucket.count,
            )
        })
        .collect();
    let expected = [
        ("2024-06", "2024-06-01", "2024-07-01", 3),
        ("2024-05-31", "2024-05-31", "2024-06-01", 600),
        ("2024-05-01", "2024-05-01", "2024-05-02", 401),
        ("2024-04", "2024-04-01", "2024-05-01", 1000),
    ];
    let expected =
        expected.map(|(key, from, to, count)| (key, from.to_owned(), to.to_owned(), count));
    assert_eq!(told, expected);
}

proptest! {
    #[test]
    fn every_asset_lies_in_one_bucket(days in proptest::collection::btree_map(-5000_i64..30_000, 1_u64..900, 0..200)) {
        let days: Vec<_> = days.into_iter().rev().map(|(day, count)| (Day::from_number(day), count)).collect();
        let timeline = Timeline::of(&days);
        prop_assert_eq!(timeline.buckets.iter().map(|bucket| bucket.count).sum::<u64>(), timeline.total);
        prop_assert!(timeline.buckets.is_sorted_by(|newer, older| newer.from >= older.to));
        for bucket in &timeline.buckets {
            let within = days.iter().filter(|(day, _)| bucket.from <= *day && *day < bucket.to);
            prop_assert_eq!(within.map(|(_, count)| count).sum::<u64>(), bucket.count);
            prop_assert!(bucket.count <= MAX_BUCKET);
        }
    }
}
