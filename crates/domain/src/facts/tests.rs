use super::{Camera, Facts};
use crate::{LocalTime, Place};

fn time(local: &str, offset_minutes: Option<i16>) -> Option<LocalTime> {
    Some(LocalTime {
        local: local.to_owned(),
        offset_minutes,
        source: "test".to_owned(),
    })
}

fn file() -> Facts {
    Facts {
        width: Some(4000),
        title: Some("The file's".to_owned()),
        rating: Some(2),
        keywords: vec!["file".to_owned()],
        captured: time("2024-05-04T20:41:07.250", Some(120)),
        place: Place::new(54.321_300_1, 10.1, Some(4.0), "exif:GPS"),
        camera: Camera {
            model: Some("X100".to_owned()),
            ..Camera::default()
        },
        ..Facts::default()
    }
}

#[test]
fn a_sidecar_that_says_nothing_changes_nothing() {
    assert_eq!(file().with_sidecar(&Facts::default()), file());
}

#[test]
fn a_sidecar_comes_before_the_file() {
    let sidecar = Facts {
        title: Some("The sidecar's".to_owned()),
        rating: Some(0),
        favourite: Some(true),
        keywords: vec!["sidecar".to_owned()],
        captured: time("2024-05-05T20:41:07", None),
        place: Place::new(1.0, 2.0, None, "xmp"),
        camera: Camera {
            model: Some("Another".to_owned()),
            lens: Some("23 mm".to_owned()),
            ..Camera::default()
        },
        ..Facts::default()
    };
    let both = file().with_sidecar(&sidecar);
    assert_eq!(both.title.as_deref(), Some("The sidecar's"));
    assert_eq!(both.rating, Some(0));
    assert_eq!(both.favourite, Some(true));
    assert_eq!(both.keywords, ["sidecar"]);
    assert_eq!(both.captured, sidecar.captured);
    assert_eq!(both.place, sidecar.place);
    assert_eq!(both.width, Some(4000));
    assert_eq!(both.camera.model.as_deref(), Some("X100"));
    assert_eq!(both.camera.lens.as_deref(), Some("23 mm"));
}

#[test]
fn the_file_tells_the_same_moment_and_place_more_exactly() {
    let sidecar = Facts {
        captured: time("2024-05-04T20:41:07", None),
        place: Place::new(54.321_3, 10.1, None, "xmp"),
        ..Facts::default()
    };
    assert_eq!(file().with_sidecar(&sidecar), file());
    let other_zone = Facts {
        captured: time("2024-05-04T20:41:07", Some(60)),
        ..Facts::default()
    };
    let both = file().with_sidecar(&other_zone);
    assert_eq!(both.captured, other_zone.captured);
}
