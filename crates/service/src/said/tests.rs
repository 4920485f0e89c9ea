use domain::LocalTime;

use super::{SaidPlace, SaidTime};

fn said(local: &str, offset: Option<&str>) -> crate::Result<LocalTime> {
    let time = SaidTime {
        local: local.to_owned(),
        offset: offset.map(str::to_owned),
    };
    time.time()
}

#[test]
fn a_time_is_said_with_or_without_an_offset() {
    let time = said("2024-05-17T10:00:00", Some("-03:30")).expect("good");
    assert_eq!(time.offset_minutes, Some(-210));
    let time = said("2024-05-17T10:00:00.250", None).expect("good");
    assert_eq!((time.offset_minutes, time.source.as_str()), (None, "said"));
    let moment = said("2024-05-17T10:00:00", Some("Z")).expect("good");
    assert_eq!(moment.source, LocalTime::INSTANT);
}

#[test]
fn times_and_places_that_cannot_be_are_refused() {
    for local in [
        "",
        "2024-05-17",
        "2024-13-01T00:00:00",
        "2024-05-17T10:00:00Z",
        "2024-05-17 10:00:00",
    ] {
        assert!(said(local, None).is_err(), "{local}");
    }
    for offset in ["", "2", "+2:00", "+15:00", "+02:60", "z", "\u{e4}02:00"] {
        assert!(
            said("2024-05-17T10:00:00", Some(offset)).is_err(),
            "{offset}"
        );
    }
    for (lat, lon) in [(0.0, 0.0), (91.0, 0.0), (f64::NAN, 1.0)] {
        let place = SaidPlace {
            lat,
            lon,
            altitude: None,
        };
        assert!(place.place().is_err());
    }
}
