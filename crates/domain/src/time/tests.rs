use super::LocalTime;

fn time(local: &str, source: &str) -> LocalTime {
    LocalTime {
        local: local.to_owned(),
        offset_minutes: (source == LocalTime::INSTANT).then_some(0),
        source: source.to_owned(),
    }
}

fn holds(moment: &str, read: &str) -> String {
    let said = time(moment, LocalTime::INSTANT);
    let read = time(read, "exif:DateTimeOriginal");
    let holding = LocalTime::that_holds(Some(&said), Some(&read));
    holding.expect("both are there").source.clone()
}

#[test]
fn a_moment_gives_way_to_the_wall_time_of_the_same_moment() {
    let moment = "2024-05-04T18:41:30";
    for wall in [
        "2024-05-04T20:41:30",
        "2024-05-04T18:41:30",
        "2024-05-05T00:26:30.900",
        "2024-05-04T06:41:29",
        "2024-05-05T08:41:30",
    ] {
        assert_eq!(holds(moment, wall), "exif:DateTimeOriginal", "{wall}");
    }
    for wall in [
        "2024-05-04T20:43:30",
        "2024-05-05T09:41:30",
        "2002-12-08T12:00:00",
    ] {
        assert_eq!(holds(moment, wall), LocalTime::INSTANT, "{wall}");
    }
}

#[test]
fn what_a_person_said_holds_whatever_the_file_says() {
    let (said, read) = (
        time("2024-05-04T18:41:30", "said"),
        time("2024-05-04T20:41:30", "exif:DateTime"),
    );
    assert_eq!(LocalTime::that_holds(Some(&said), Some(&read)), Some(&said));
    assert_eq!(LocalTime::that_holds(None, Some(&read)), Some(&read));
    assert_eq!(LocalTime::that_holds(None, None), None);
}
