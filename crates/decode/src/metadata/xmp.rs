//! XMP (ISO 16684-1): RDF about the file, written by programs.
//!
//! Only the properties that become facts are kept. Entities other than the five of XML stay
//! unresolved, so a document type cannot multiply anything.

use std::collections::BTreeMap;

use domain::{Camera, LocalTime, Place};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::{gps, text, when};

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
/// Namespaces of properties that are kept, and the prefix they get here.
const KNOWN: &[(&str, &str)] = &[
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://ns.adobe.com/xap/1.0/", "xmp"),
    ("http://ns.adobe.com/exif/1.0/", "exif"),
    ("http://ns.adobe.com/exif/1.0/aux/", "aux"),
    ("http://cipa.jp/exif/1.0/", "exifEX"),
    ("http://ns.adobe.com/tiff/1.0/", "tiff"),
    ("http://ns.adobe.com/photoshop/1.0/", "photoshop"),
];
/// Packets larger than this are not metadata.
const MAX_PACKET: usize = 16 << 20;
/// Events read and values kept of one packet.
const MAX_EVENTS: usize = 200_000;
const MAX_VALUES: usize = 1000;
const MAX_DEPTH: usize = 64;

/// Properties by prefixed name, each with its values in order.
#[derive(Debug, Default)]
pub(super) struct Xmp(BTreeMap<String, Vec<String>>);

/// Reads packets; of a property in several, the first packet's values count.
pub(super) fn read_all(packets: &[Vec<u8>]) -> Xmp {
    let mut all = Xmp::default();
    for packet in packets {
        for (name, values) in read(packet).0 {
            all.0.entry(name).or_insert(values);
        }
    }
    all
}

fn read(packet: &[u8]) -> Xmp {
    let mut found = Xmp::default();
    if packet.len() > MAX_PACKET {
        return found;
    }
    let Some(xml) = decode(packet) else {
        return found;
    };
    let mut reader = NsReader::from_str(&xml);
    reader.config_mut().check_end_names = false;
    let mut open: Vec<Name> = Vec::new();
    let mut value = String::new();
    for _ in 0..MAX_EVENTS {
        let Ok(event) = reader.read_event() else {
            break;
        };
        match event {
            Event::Start(start) => {
                open.push(Name::of(&reader, &start));
                value.clear();
                found.take_attributes(&reader, &start, &open);
                if open.len() > MAX_DEPTH {
                    break;
                }
            }
            Event::Empty(start) => {
                open.push(Name::of(&reader, &start));
                found.take_attributes(&reader, &start, &open);
                open.pop();
            }
            Event::Text(words) => value.push_str(&words.xml10_content()),
            Event::CData(words) => value.push_str(&words.xml10_content()),
            Event::GeneralRef(reference) => push_reference(&mut value, &reference),
            Event::End(_) => {
                found.take_text(&open, &value);
                value.clear();
                open.pop();
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    found
}

/// UTF-8, or UTF-16 with a byte order mark or the zero bytes that show it.
fn decode(packet: &[u8]) -> Option<String> {
    let wide = |little: bool| {
        let (units, _) = packet.as_chunks::<2>();
        let units: Vec<u16> = units
            .iter()
            .map(|unit| {
                if little {
                    u16::from_le_bytes(*unit)
                } else {
                    u16::from_be_bytes(*unit)
                }
            })
            .collect();
        String::from_utf16_lossy(&units)
    };
    match packet {
        [0xfe, 0xff, ..] | [0, b'<', ..] => Some(wide(false)),
        [0xff, 0xfe, ..] | [b'<', 0, ..] => Some(wide(true)),
        _ => {
            // Padding and broken programs leave NULs behind.
            let text = String::from_utf8_lossy(packet);
            Some(text.trim_matches(['\0', '\u{feff}']).to_owned())
        }
    }
}

fn push_reference(value: &mut String, reference: &quick_xml::events::BytesRef<'_>) {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        value.push(c);
    } else if let Some(text) =
        quick_xml::escape::resolve_predefined_entity(&reference.xml10_content())
    {
        value.push_str(text);
    }
}

/// What an element or attribute is, as far as it matters here.
#[derive(Debug, Clone, PartialEq)]
enum Name {
    /// Of RDF itself.
    Rdf(String),
    /// A property that is kept.
    Known(String),
    Other,
}

impl Name {
    fn of(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Self {
        let (namespace, local) = reader.resolver().resolve_element(start.name());
        Self::new(&namespace, local.into_inner())
    }

    fn new(namespace: &ResolveResult<'_>, local: &str) -> Self {
        let ResolveResult::Bound(Namespace(namespace)) = namespace else {
            return Self::Other;
        };
        if *namespace == RDF {
            return Self::Rdf(local.to_owned());
        }
        match KNOWN.iter().find(|(known, _)| known == namespace) {
            Some((_, prefix)) => Self::Known(format!("{prefix}:{local}")),
            None => Self::Other,
        }
    }

    fn is_rdf(&self, word: &str) -> bool {
        matches!(self, Self::Rdf(local) if local == word)
    }
}

/// The open elements from `rdf:RDF` inwards, without it.
fn inside_rdf(open: &[Name]) -> &[Name] {
    let at = open.iter().position(|name| name.is_rdf("RDF"));
    at.map_or(&[], |at| &open[at + 1..])
}

impl Xmp {
    /// Simple properties may be attributes of the outermost descriptions.
    fn take_attributes(&mut self, reader: &NsReader<&[u8]>, start: &BytesStart<'_>, open: &[Name]) {
        let outermost = matches!(inside_rdf(open), [only] if only.is_rdf("Description"));
        if !outermost {
            return;
        }
        for attribute in start.attributes().with_checks(false).flatten() {
            let (namespace, local) = reader.resolver().resolve_attribute(attribute.key);
            if let Name::Known(name) = Name::new(&namespace, local.into_inner())
                && let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0)
            {
                self.add(&name, &value);
            }
        }
    }

    /// Text of a property itself, or of an item of its array; deeper text belongs to structures.
    fn take_text(&mut self, open: &[Name], value: &str) {
        let name = match inside_rdf(open) {
            [_, Name::Known(name)] => name,
            [_, Name::Known(name), Name::Rdf(_), item] if item.is_rdf("li") => name,
            _ => return,
        };
        self.add(name, value);
    }

    fn add(&mut self, name: &str, value: &str) {
        let Some(value) = text::clean(value) else {
            return;
        };
        let kept: usize = self.0.values().map(Vec::len).sum();
        let values = self.0.entry(name.to_owned()).or_default();
        if kept < MAX_VALUES && !values.contains(&value) {
            values.push(value);
        }
    }

    fn first(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.first().map(String::as_str)
    }

    fn words(&self, name: &str) -> Option<String> {
        self.first(name).map(str::to_owned)
    }

    pub(super) fn title(&self) -> Option<String> {
        self.words("dc:title")
            .or_else(|| self.words("photoshop:Headline"))
    }

    pub(super) fn description(&self) -> Option<String> {
        self.words("dc:description")
    }

    pub(super) fn keywords(&self) -> Vec<String> {
        self.0.get("dc:subject").cloned().unwrap_or_default()
    }

    /// Stars; -1 means rejected, which is not a number of stars.
    pub(super) fn rating(&self) -> Option<u8> {
        let stars: f32 = self.first("xmp:Rating")?.parse().ok()?;
        (0.0..=5.0).contains(&stars).then_some(stars as u8)
    }

    pub(super) fn orientation(&self) -> Option<u8> {
        let value = self.first("tiff:Orientation")?.parse().ok()?;
        (1..=8).contains(&value).then_some(value)
    }

    pub(super) fn captured(&self) -> Option<LocalTime> {
        const SOURCES: &[(&str, &str)] = &[
            ("exif:DateTimeOriginal", "xmp:DateTimeOriginal"),
            ("photoshop:DateCreated", "xmp:DateCreated"),
            ("exif:DateTimeDigitized", "xmp:DateTimeDigitized"),
            ("xmp:CreateDate", "xmp:CreateDate"),
        ];
        SOURCES
            .iter()
            .find_map(|(name, source)| when::from_iso(self.first(name)?, source))
    }

    pub(super) fn place(&self) -> Option<Place> {
        let altitude = self.number("exif:GPSAltitude").map(|metres| {
            if self.first("exif:GPSAltitudeRef") == Some("1") {
                -metres.abs()
            } else {
                metres
            }
        });
        let lat = self.first("exif:GPSLatitude")?;
        let lon = self.first("exif:GPSLongitude")?;
        gps::from_xmp(lat, lon, altitude)
    }

    pub(super) fn camera(&self) -> Camera {
        let positive = |name| self.number(name).filter(|value| *value > 0.0);
        Camera {
            make: self.words("tiff:Make"),
            model: self.words("tiff:Model"),
            lens: self
                .words("exifEX:LensModel")
                .or_else(|| self.words("aux:Lens")),
            iso: positive("exif:ISOSpeedRatings")
                .or_else(|| positive("exifEX:PhotographicSensitivity"))
                .map(|iso| iso as u32),
            aperture: positive("exif:FNumber"),
            exposure: positive("exif:ExposureTime"),
            focal_length: positive("exif:FocalLength"),
        }
    }

    /// A number or a fraction, `28/10`.
    fn number(&self, name: &str) -> Option<f64> {
        let text = self.first(name)?;
        let value = match text.split_once('/') {
            Some((top, bottom)) => {
                let (top, bottom): (f64, f64) = (top.parse().ok()?, bottom.parse().ok()?);
                top / bottom
            }
            None => text.parse().ok()?,
        };
        value.is_finite().then_some(value)
    }
}

#[cfg(test)]
mod tests;
