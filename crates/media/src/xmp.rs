//! Writes XMP sidecars (ISO 16684-1): what is known of a file, for other programs to read.

use std::fmt::Write as _;

use domain::{LocalTime, Place};

#[cfg(test)]
mod tests;

/// What a sidecar says. What is absent is left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sidecar<'a> {
    /// `dc:title`.
    pub title: Option<&'a str>,
    /// `dc:description`.
    pub description: Option<&'a str>,
    /// `dc:subject`.
    pub tags: &'a [String],
    /// `xmp:Rating`, 1 to 5.
    pub rating: Option<u8>,
    /// `fstop:favorite`, as F-Stop and PhotoPrism know it; false says nothing.
    pub favourite: bool,
    /// `exif:DateTimeOriginal` and `photoshop:DateCreated`.
    pub captured: Option<&'a LocalTime>,
    /// `exif:GPSLatitude` and its companions.
    pub place: Option<&'a Place>,
}

/// The sidecar as a document.
pub fn write(sidecar: &Sidecar<'_>) -> String {
    let mut properties = String::new();
    if let Some(title) = sidecar.title {
        alternative(&mut properties, "dc:title", title);
    }
    if let Some(description) = sidecar.description {
        alternative(&mut properties, "dc:description", description);
    }
    if !sidecar.tags.is_empty() {
        let items: String = sidecar
            .tags
            .iter()
            .map(|tag| format!("<rdf:li>{}</rdf:li>", escaped(tag)))
            .collect();
        line(
            &mut properties,
            "dc:subject",
            &format!("<rdf:Bag>{items}</rdf:Bag>"),
        );
    }
    if let Some(rating) = sidecar.rating {
        line(&mut properties, "xmp:Rating", &rating.to_string());
    }
    if sidecar.favourite {
        line(&mut properties, "fstop:favorite", "1");
    }
    if let Some(captured) = sidecar.captured {
        let time = escaped(&date(captured));
        line(&mut properties, "exif:DateTimeOriginal", &time);
        line(&mut properties, "photoshop:DateCreated", &time);
    }
    if let Some(place) = sidecar.place {
        position(&mut properties, place);
    }
    format!("{HEAD}{properties}{TAIL}")
}

const HEAD: &str = r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
    xmlns:fstop="http://www.fstopapp.com/xmp/">
"#;

const TAIL: &str = r#"  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"#;

fn line(properties: &mut String, name: &str, value: &str) {
    properties.push_str("   <");
    properties.push_str(name);
    properties.push('>');
    properties.push_str(value);
    properties.push_str("</");
    properties.push_str(name);
    properties.push_str(">\n");
}

/// A text in one language, nobody says which.
fn alternative(properties: &mut String, name: &str, text: &str) {
    let text = escaped(text);
    let value = format!("<rdf:Alt><rdf:li xml:lang=\"x-default\">{text}</rdf:li></rdf:Alt>");
    line(properties, name, &value);
}

/// ISO 8601, with the offset where it is known (ISO 16684-1, 8.2.1.2).
fn date(time: &LocalTime) -> String {
    let mut text = time.local.clone();
    if let Some(minutes) = time.offset_minutes {
        let sign = if minutes < 0 { '-' } else { '+' };
        let minutes = minutes.unsigned_abs();
        // Writing to a string cannot fail.
        let _ = write!(text, "{sign}{:02}:{:02}", minutes / 60, minutes % 60);
    }
    text
}

fn position(properties: &mut String, place: &Place) {
    let latitude = degrees(place.lat, 'N', 'S');
    let longitude = degrees(place.lon, 'E', 'W');
    line(properties, "exif:GPSLatitude", &latitude);
    line(properties, "exif:GPSLongitude", &longitude);
    if let Some(metres) = place.altitude {
        let millimetres = (metres.abs() * 1000.0).round();
        let below = u8::from(metres < 0.0);
        line(properties, "exif:GPSAltitudeRef", &below.to_string());
        line(
            properties,
            "exif:GPSAltitude",
            &format!("{millimetres}/1000"),
        );
    }
}

/// `54,19.278000N`: degrees, minutes with fractions, and the hemisphere (ISO 16684-2, GPSCoordinate).
fn degrees(value: f64, positive: char, negative: char) -> String {
    let hemisphere = if value < 0.0 { negative } else { positive };
    // In millionths of a minute, so that 59.9999999 does not become 60.
    let millionths = (value.abs() * 60_000_000.0).round() as u64;
    let (degrees, rest) = (millionths / 60_000_000, millionths % 60_000_000);
    let (minutes, fraction) = (rest / 1_000_000, rest % 1_000_000);
    format!("{degrees},{minutes}.{fraction:06}{hemisphere}")
}

/// Text as XML 1.0 may hold it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
