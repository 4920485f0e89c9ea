use proptest::prelude::{any, proptest};

use super::read_all;

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

proptest! {
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
        let xmp = read_all(&[broken]);
        xmp.rating();
        xmp.captured();
        xmp.place();
        xmp.camera();
    }
}
