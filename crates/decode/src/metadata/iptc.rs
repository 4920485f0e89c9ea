//! IPTC Information Interchange Model 4.2, inside Photoshop image resources or alone.

use domain::LocalTime;

use super::{text, when};

/// Photoshop's number for the resource that holds IPTC records.
const IPTC_RESOURCE: u16 = 0x0404;
/// Resources or data sets looked at.
const MAX_ITEMS: usize = 2000;
const MAX_KEYWORDS: usize = 500;

/// What the records say.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Iptc {
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) keywords: Vec<String>,
    pub(super) captured: Option<LocalTime>,
}

/// Reads Photoshop resources, or bare records when they are not.
pub(super) fn read(bytes: &[u8]) -> Iptc {
    if bytes.starts_with(b"8BIM") {
        resource(bytes, IPTC_RESOURCE)
            .map(records)
            .unwrap_or_default()
    } else {
        records(bytes)
    }
}

/// The content of one Photoshop image resource (Adobe Photoshop File Formats, "Image Resources").
pub(crate) fn resource(mut bytes: &[u8], wanted: u16) -> Option<&[u8]> {
    for _ in 0..MAX_ITEMS {
        let rest = bytes.strip_prefix(b"8BIM")?;
        let number = u16::from_be_bytes(*rest.first_chunk()?);
        // A name with its length before it, together an even number of bytes.
        let name = 1 + usize::from(*rest.get(2)?);
        let sized = rest.get(2 + name + name % 2..)?;
        let size = u32::from_be_bytes(*sized.first_chunk()?) as usize;
        let content = sized.get(4..4_usize.checked_add(size)?);
        if number == wanted {
            // The last resource of a cut-off list keeps what is there.
            return Some(content.unwrap_or(&sized[4..]));
        }
        bytes = sized.get(4 + size + size % 2..)?;
    }
    None
}

fn records(mut bytes: &[u8]) -> Iptc {
    let mut found = Iptc::default();
    let mut utf8 = false;
    let (mut date, mut time) = (None, None);
    for _ in 0..MAX_ITEMS {
        let Some((record, number, value, rest)) = data_set(bytes) else {
            break;
        };
        bytes = rest;
        let read = || {
            if utf8 {
                std::str::from_utf8(value).ok().and_then(text::clean)
            } else {
                text::from_bytes(value)
            }
        };
        match (record, number) {
            // ESC % G announces UTF-8 (ISO 2022).
            (1, 90) => utf8 = value == b"\x1b%G",
            (2, 5) => found.title = found.title.or_else(read),
            (2, 25) if found.keywords.len() < MAX_KEYWORDS => {
                found
                    .keywords
                    .extend(read().filter(|word| !found.keywords.contains(word)));
            }
            (2, 55) => date = read(),
            (2, 60) => time = read(),
            (2, 120) => found.description = found.description.or_else(read),
            _ => {}
        }
    }
    found.captured =
        date.and_then(|date| when::from_iptc(&date, time.as_deref(), "iptc:DateCreated"));
    found
}

/// One data set: record, number, value, and what follows (IIM 4.2 §1.5).
fn data_set(bytes: &[u8]) -> Option<(u8, u8, &[u8], &[u8])> {
    let [0x1c, record, number, high, low] = *bytes.first_chunk()? else {
        return None;
    };
    let length = u16::from_be_bytes([high, low]);
    let (start, length) = if length & 0x8000 == 0 {
        (5, usize::from(length))
    } else {
        // The length of the length: nothing a photo carries needs more than four bytes.
        let digits = usize::from(length & 0x7fff);
        let long = bytes.get(5..5 + digits).filter(|long| long.len() <= 4)?;
        let length = long
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        (5 + digits, length)
    };
    let end = start.checked_add(length)?;
    Some((record, number, bytes.get(start..end)?, &bytes[end..]))
}

#[cfg(test)]
mod tests;
