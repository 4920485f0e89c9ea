//! XMP (ISO 16684-1): RDF about the file, written by programs.
//!
//! Only the properties that become facts are kept. Entities other than the five of XML stay
//! unresolved, so a document type cannot multiply anything.

use std::collections::BTreeMap;

use domain::{Camera, LocalTime, Place};
use quick_xml::XmlVersion;
use quick_xml::errors::SyntaxError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::{gps, text, when};
use crate::failure::Failure;

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
    ("http://ns.adobe.com/lightroom/1.0/", "lr"),
    ("http://www.digikam.org/ns/1.0/", "digiKam"),
    ("http://www.fstopapp.com/xmp/", "fstop"),
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

/// What a packet says; of a broken one, what stands before the break.
fn read(packet: &[u8]) -> Xmp {
    walk(packet).0
}

/// Reads a sidecar, which must be whole: what stands behind a break cannot be told from what somebody
/// took away.
pub(super) fn read_whole(sidecar: &[u8]) -> Result<Xmp, Failure> {
    let damaged = |what: &str| Err(Failure::Damaged(format!("the sidecar {what}")));
    match walk(sidecar) {
        (xmp, Ending::Whole) => Ok(xmp),
        (_, Ending::Foreign) => Err(Failure::Unsupported(
            "the file beside this one is not XMP; it is kept, and not read".to_owned(),
        )),
        (_, Ending::CutOff) => damaged("breaks off before its end; nothing of it was taken"),
        (_, Ending::Broken(at)) => damaged(&format!(
            "is not well-formed XML from byte {at} on; nothing of it was taken"
        )),
        (_, Ending::TooLarge) => Err(Failure::TooLarge(
            "the sidecar is larger than any program writes; nothing of it was taken".to_owned(),
        )),
    }
}

/// How the reading of a packet ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// With all elements closed.
    Whole,
    /// Without any RDF.
    Foreign,
    /// With elements open.
    CutOff,
    /// At a byte that cannot stand there.
    Broken(u64),
    /// At a limit.
    TooLarge,
}

fn walk(packet: &[u8]) -> (Xmp, Ending) {
    let mut found = Xmp::default();
    if packet.len() > MAX_PACKET {
        return (found, Ending::TooLarge);
    }
    let xml = decode(packet);
    let mut reader = NsReader::from_str(&xml);
    reader.config_mut().check_end_names = false;
    let mut open: Vec<Name> = Vec::new();
    let mut value = String::new();
    let mut has_rdf = false;
    let mut ending = Ending::TooLarge;
    for _ in 0..MAX_EVENTS {
        let event = match reader.read_event() {
            Ok(event) => event,
            // All of these but one say that something was still open at the end.
            Err(quick_xml::Error::Syntax(error)) if error != SyntaxError::InvalidBangMarkup => {
                ending = Ending::CutOff;
                break;
            }
            Err(_) => {
                ending = Ending::Broken(reader.error_position());
                break;
            }
        };
        match event {
            Event::Start(start) => {
                open.push(Name::of(&reader, &start));
                value.clear();
                has_rdf |= open.last().is_some_and(|name| name.is_rdf("RDF"));
                found.take_attributes(&reader, &start, &open);
                if open.len() > MAX_DEPTH {
                    break;
                }
            }
            Event::Empty(start) => {
                open.push(Name::of(&reader, &start));
                has_rdf |= open.last().is_some_and(|name| name.is_rdf("RDF"));
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
            Event::Eof => {
                ending = match open.is_empty() {
                    true => Ending::Whole,
                    false => Ending::CutOff,
                };
                break;
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    // A text, a picture, nothing at all: more to the point than where its XML breaks.
    let ending = if has_rdf { ending } else { Ending::Foreign };
    (found, ending)
}

/// UTF-8, or UTF-16 with a byte order mark or the zero bytes that show it.
fn decode(packet: &[u8]) -> String {
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
        [0xfe, 0xff, ..] | [0, b'<', ..] => wide(false),
        [0xff, 0xfe, ..] | [b'<', 0, ..] => wide(true),
        _ => {
            // Padding and broken programs leave NULs behind.
            let text = String::from_utf8_lossy(packet);
            text.trim_matches(['\0', '\u{feff}']).to_owned()
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
            .or_else(|| self.words("tiff:ImageDescription"))
            .or_else(|| self.words("exif:UserComment"))
    }

    /// Flat keywords; where a program wrote only its tree of them, the leaves.
    pub(super) fn keywords(&self) -> Vec<String> {
        const TREES: &[(&str, char)] =
            &[("digiKam:TagsList", '/'), ("lr:hierarchicalSubject", '|')];
        if let Some(flat) = self.0.get("dc:subject") {
            return flat.clone();
        }
        let tree = TREES
            .iter()
            .find_map(|(name, separator)| Some((self.0.get(*name)?, *separator)));
        let mut leaves: Vec<String> = Vec::new();
        let (paths, separator) = tree.unwrap_or((const { &Vec::new() }, '/'));
        for path in paths {
            let leaf = path.rsplit(separator).next().and_then(text::clean);
            if let Some(leaf) = leaf.filter(|leaf| !leaves.contains(leaf)) {
                leaves.push(leaf);
            }
        }
        leaves
    }

    /// Few programs know favourites; those that do write this.
    pub(super) fn favourite(&self) -> Option<bool> {
        match self.first("fstop:favorite")? {
            "1" | "true" | "True" => Some(true),
            "0" | "false" | "False" => Some(false),
            _ => None,
        }
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
