use domain::{LocalTime, Place};

use super::{Sidecar, degrees, write};

#[test]
fn what_is_known_is_written_and_nothing_else() {
    let tags = ["sea & sand".to_owned(), "<b>".to_owned()];
    let captured = LocalTime {
        local: "2024-05-04T20:41:07".to_owned(),
        offset_minutes: Some(-210),
        source: String::new(),
    };
    let place = Place::new(54.3213, -10.5, Some(-1.5), "").expect("a place");
    let text = write(&Sidecar {
        title: Some("Kiel\u{1}"),
        description: None,
        tags: &tags,
        rating: Some(4),
        favourite: true,
        captured: Some(&captured),
        place: Some(&place),
    });
    for part in [
        "<rdf:li xml:lang=\"x-default\">Kiel\u{fffd}</rdf:li>",
        "<rdf:li>sea &amp; sand</rdf:li><rdf:li>&lt;b&gt;</rdf:li>",
        "<xmp:Rating>4</xmp:Rating>",
        "<fstop:favorite>1</fstop:favorite>",
        "<exif:DateTimeOriginal>2024-05-04T20:41:07-03:30</exif:DateTimeOriginal>",
        "<exif:GPSLatitude>54,19.278000N</exif:GPSLatitude>",
        "<exif:GPSLongitude>10,30.000000W</exif:GPSLongitude>",
        "<exif:GPSAltitudeRef>1</exif:GPSAltitudeRef>",
        "<exif:GPSAltitude>1500/1000</exif:GPSAltitude>",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("dc:description"));
    assert!(
        !write(&Sidecar::default()).contains("<dc:"),
        "nothing is said"
    );
}

#[test]
fn minutes_never_become_sixty() {
    assert_eq!(degrees(0.999_999_999_9, 'N', 'S'), "1,0.000000N");
    assert_eq!(degrees(-0.5, 'N', 'S'), "0,30.000000S");
}
