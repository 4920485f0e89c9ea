use proptest::prelude::{any, proptest};

use super::{read_all, read_whole};
use crate::failure::Failure;

const PACKET: &str = r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"
  xmlns:e="http://ns.adobe.com/exif/1.0/" e:GPSLatitude="34,36.2233S" e:GPSLongitude="58,22.8955W">
 <e:FNumber>28/10</e:FNumber>
 <d:title xmlns:d="http://purl.org/dc/elements/1.1/"><rdf:Alt>
   <rdf:li xml:lang="x-default">Tom &amp; J&#xe9;r&#244;me</rdf:li><rdf:li xml:lang="de">Titel</rdf:li>
 </rdf:Alt></d:title>
 <d:subject xmlns:d="http://purl.org/dc/elements/1.1/"><rdf:Bag><rdf:li>a</rdf:li><rdf:li>b</rdf:li><rdf:li>a</rdf:li></rdf:Bag></d:subject>
 <m:History xmlns:m="http://ns.adobe.com/xap/1.0/mm/"><rdf:Seq><rdf:li rdf:parseType="Resource">
   <xmp:CreateDate>1999-01-01</xmp:CreateDate></rdf:li></rdf:Seq></m:History>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"#;

#[test]
fn properties_are_found_as_attributes_elements_and_arrays() {
    let xmp = read_all(&[PACKET.as_bytes().to_vec()]);
    assert_eq!(xmp.rating(), Some(4));
    assert_eq!(xmp.title().as_deref(), Some("Tom & Jérôme"));
    assert_eq!(xmp.keywords(), ["a", "b"]);
    assert_eq!(xmp.camera().aperture, Some(2.8));
    let place = xmp.place().unwrap();
    assert!((place.lat + 34.6037).abs() < 1e-4 && (place.lon + 58.3816).abs() < 1e-4);
    assert_eq!(
        xmp.captured(),
        None,
        "a date inside a structure is not the picture's"
    );
}

#[test]
fn utf16_is_read_too() {
    let wide: Vec<u8> = PACKET.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read_all(&[wide]).rating(), Some(4));
}

#[test]
fn entities_do_not_multiply() {
    let bomb = PACKET.replacen(
        "<x:xmpmeta",
        "<!DOCTYPE x [<!ENTITY a \"&b;&b;\"><!ENTITY b \"lol\">]><x:xmpmeta",
        1,
    );
    let bomb = bomb.replace("&amp;", "&a;");
    assert_eq!(
        read_all(&[bomb.into_bytes()]).title().as_deref(),
        Some("Tom  Jérôme")
    );
}

fn fixture(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/decode");
    std::fs::read(std::path::Path::new(folder).join(name)).unwrap()
}

#[test]
fn what_lightroom_writes_is_understood() {
    let xmp = read_whole(&fixture("lightroom.xmp")).unwrap();
    assert_eq!(xmp.rating(), Some(4));
    assert_eq!(xmp.title().as_deref(), Some("Evening at the quay"));
    assert_eq!(xmp.description().as_deref(), Some("Two boats & a gull"));
    assert_eq!(xmp.keywords(), ["harbour", "Kiel", "evening light"]);
    let captured = xmp.captured().unwrap();
    assert_eq!(captured.local, "2024-05-04T21:41:07.25");
    assert_eq!(captured.offset_minutes, Some(120));
    let place = xmp.place().unwrap();
    assert!((place.lat - 54.3213).abs() < 1e-4 && (place.lon - 10.1349).abs() < 1e-4);
    assert_eq!(place.altitude, Some(3.0));
    assert_eq!(xmp.favourite(), None);
}

#[test]
fn what_darktable_writes_is_understood() {
    let xmp = read_whole(&fixture("darktable.xmp")).unwrap();
    assert_eq!(xmp.rating(), Some(3));
    assert_eq!(xmp.title().as_deref(), Some("Gipfel"));
    assert_eq!(xmp.keywords(), ["mountains", "summit"]);
    assert_eq!(xmp.captured().unwrap().local, "2023-08-12T06:30:00.000");
    let place = xmp.place().unwrap();
    assert!((place.lat + 45.5).abs() < 1e-6 && (place.lon - 7.25).abs() < 1e-6);
}

#[test]
fn what_digikam_writes_is_understood() {
    let xmp = read_whole(&fixture("digikam.xmp")).unwrap();
    assert_eq!(xmp.rating(), Some(5));
    assert_eq!(xmp.keywords(), ["Kiel", "sea"], "the leaves of its tree");
    assert_eq!(xmp.description().as_deref(), Some("Seen from the ferry"));
    assert_eq!(xmp.captured().unwrap().local, "2022-01-02T03:04:05");
}

#[test]
fn what_we_write_is_understood() {
    let tags = ["Über".to_owned(), "a & b".to_owned()];
    let captured = domain::LocalTime {
        local: "2024-05-04T20:41:07".to_owned(),
        offset_minutes: Some(-210),
        source: String::new(),
    };
    let place = domain::Place::new(-54.321_301, 10.134_9, Some(-3.5), "said");
    let text = media::xmp::write(&media::xmp::Sidecar {
        title: Some("<Kiel>"),
        description: Some("Two\nlines"),
        tags: &tags,
        rating: Some(3),
        favourite: true,
        captured: Some(&captured),
        place: place.as_ref(),
    });
    let xmp = read_whole(text.as_bytes()).unwrap();
    assert_eq!(xmp.title().as_deref(), Some("<Kiel>"));
    assert_eq!(xmp.description().as_deref(), Some("Two\nlines"));
    assert_eq!(xmp.keywords(), tags);
    assert_eq!(xmp.rating(), Some(3));
    assert_eq!(xmp.favourite(), Some(true));
    assert!(xmp.captured().unwrap().says(&captured));
    assert!(place.unwrap().is_at(&xmp.place().unwrap()));
}

#[test]
fn a_sidecar_is_whole_or_refused_with_the_reason() {
    let whole = PACKET.as_bytes();
    assert!(read_whole(whole).is_ok());
    let cut = &whole[..whole.len() - 120];
    let broken = PACKET.replace("<rdf:Bag>", "<rdf:Bag <");
    assert!(matches!(read_whole(cut), Err(Failure::Damaged(why)) if why.contains("breaks off")));
    assert!(matches!(
        read_whole(broken.as_bytes()),
        Err(Failure::Damaged(_))
    ));
    for foreign in [&b""[..], b"{}", b"<html></html>", b"\xff\xd8\xff\xe0"] {
        assert!(matches!(read_whole(foreign), Err(Failure::Unsupported(_))));
    }
    let deep = format!(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>{}",
        "<a>".repeat(100_000)
    );
    assert!(matches!(
        read_whole(deep.as_bytes()),
        Err(Failure::TooLarge(_))
    ));
}

proptest! {
    #[test]
    fn any_words_survive_being_written_and_read(
        title in "[^\\p{C}\\s]([^\\p{C}]{0,40}[^\\p{C}\\s])?",
        tags in proptest::collection::btree_set("[^\\p{C}\\s]{1,12}", 0..6),
        rating in 1_u8..=5,
        lat in -90.0_f64..=90.0,
        lon in 0.001_f64..=180.0,
    ) {
        let tags: Vec<String> = tags.into_iter().collect();
        let place = domain::Place::new(lat, lon, None, "said");
        let text = media::xmp::write(&media::xmp::Sidecar {
            title: Some(&title),
            tags: &tags,
            rating: Some(rating),
            place: place.as_ref(),
            ..media::xmp::Sidecar::default()
        });
        let xmp = read_whole(text.as_bytes()).unwrap();
        proptest::prop_assert_eq!(xmp.title(), Some(title));
        proptest::prop_assert_eq!(xmp.keywords(), tags);
        proptest::prop_assert_eq!(xmp.rating(), Some(rating));
        proptest::prop_assert!(place.unwrap().is_at(&xmp.place().unwrap()));
    }

    #[test]
    fn arbitrary_packets_never_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        at in 0_usize..1500,
    ) {
        read_all(std::slice::from_ref(&bytes));
        let mut broken = PACKET.as_bytes().to_vec();
        let at = at.min(broken.len());
        let end = (at + bytes.len()).min(broken.len());
        broken.splice(at..end, bytes);
        // Whatever it makes of it, it comes to an end.
        let _ = read_whole(&broken);
        let xmp = read_all(&[broken]);
        xmp.rating();
        xmp.captured();
        xmp.place();
        xmp.camera();
    }
}
