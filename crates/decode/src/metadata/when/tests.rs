use super::{from_exif, from_iptc, from_iso};

fn shown(time: Option<domain::LocalTime>) -> Option<(String, Option<i16>)> {
    time.map(|time| (time.local, time.offset_minutes))
}

#[test]
fn exif_keeps_fractions_and_offset_apart() {
    let time = from_exif("2019:12:31 23:59:58", Some("750 "), Some("-03:00"), "x");
    assert_eq!(
        shown(time),
        Some(("2019-12-31T23:59:58.750".to_owned(), Some(-180)))
    );
    let time = from_exif("1919:05:04 05:59:26", None, None, "x");
    assert_eq!(shown(time), Some(("1919-05-04T05:59:26".to_owned(), None)));
    let time = from_exif("2019-06-06T07:29:51+02:00", None, None, "x");
    assert_eq!(
        shown(time),
        Some(("2019-06-06T07:29:51".to_owned(), Some(120)))
    );
}

#[test]
fn what_cleared_clocks_write_is_no_date() {
    for text in [
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "2020:13:01 00:00:00",
        "2021:02:29 10:00:00",
        "2021:02:28 24:00:00",
        "",
        "ä",
    ] {
        assert_eq!(from_exif(text, None, None, "x"), None, "{text}");
    }
}

#[test]
fn iso_may_be_short() {
    for (text, local, offset) in [
        (
            "2005-09-07T15:07:40-07:00",
            "2005-09-07T15:07:40",
            Some(-420),
        ),
        ("2012-04-16T13:02", "2012-04-16T13:02:00", None),
        ("2012-04-16", "2012-04-16T00:00:00", None),
        ("2012-04-16T13:02:03.25Z", "2012-04-16T13:02:03.25", Some(0)),
    ] {
        assert_eq!(shown(from_iso(text, "x")), Some((local.to_owned(), offset)));
    }
    assert_eq!(from_iso("2012", "x"), None);
}

#[test]
fn iptc_splits_date_and_time() {
    assert_eq!(
        shown(from_iptc("20120416", Some("130213+0200"), "x")),
        Some(("2012-04-16T13:02:13".to_owned(), Some(120)))
    );
    assert_eq!(from_iptc("2012", None, "x"), None);
}
