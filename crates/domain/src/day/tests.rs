use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

use super::Day;
use crate::Timestamp;

#[test]
fn days_are_where_the_calendar_has_them() {
    for (text, number) in [
        ("1970", 0),
        ("1970-02", 31),
        ("1969-12-31", -1),
        ("2000-02-29", 11_016),
        ("0000-01-01", -719_528),
        ("9999-12-31", 2_932_896),
    ] {
        assert_eq!(text.parse(), Ok(Day::from_number(number)), "{text}");
    }
    for text in [
        "",
        "24",
        "2024-5",
        "2024-13",
        "2023-02-29",
        "2024-05-17-1",
        "-2024",
        "２０２４",
    ] {
        assert!(text.parse::<Day>().is_err(), "{text}");
    }
}

#[test]
fn a_time_lies_in_its_day() {
    let day = |millis| Day::of(Timestamp::from_millis(millis)).number();
    assert_eq!((day(0), day(86_399_999), day(86_400_000)), (0, 0, 1));
    assert_eq!((day(-1), day(-86_400_000), day(-86_400_001)), (-1, -1, -2));
}

proptest! {
    #[test]
    fn a_day_reads_as_it_is_written(number in -719_528..=2_932_896_i64) {
        let day = Day::from_number(number);
        prop_assert_eq!(day.to_string().parse(), Ok(day));
        prop_assert!(day.month() <= day && day < day.next_month());
        prop_assert_eq!(day.month().to_string(), format!("{}-01", day.month_name()));
    }

    #[test]
    fn a_day_beyond_the_calendar_is_written_as_its_end(number: i64) {
        let day = Day::from_number(number);
        prop_assert_eq!(day.to_string().len(), 10);
        prop_assert_eq!(day.month_name().len(), 7);
    }
}
