//! ZIP, and the documents that are ZIP inside, by the names of the first entries (APPNOTE 4.3.7).

use domain::MediaType;

use super::bytes::{find, le_u16, le_u32};

const LOCAL_HEADER: &[u8; 4] = b"PK\x03\x04";
/// Entries whose names are looked at.
const MAX_ENTRIES: usize = 256;

/// The type of a ZIP file.
pub(super) fn sniff(head: &[u8]) -> Option<MediaType> {
    if !head.starts_with(LOCAL_HEADER) {
        // An archive without entries is its end record alone.
        return head.starts_with(b"PK\x05\x06").then_some(MediaType::Zip);
    }
    let mut office = false;
    let mut program = None;
    for (index, entry) in Entries::new(head).take(MAX_ENTRIES).enumerate() {
        if index == 0 && entry.name == b"mimetype" {
            return Some(by_mimetype(entry.data));
        }
        office |= entry.name == b"[Content_Types].xml";
        program = program.or(match entry.name {
            name if name.starts_with(b"word/") => Some(MediaType::Docx),
            name if name.starts_with(b"xl/") => Some(MediaType::Xlsx),
            name if name.starts_with(b"ppt/") => Some(MediaType::Pptx),
            _ => None,
        });
        if office && program.is_some() {
            return program;
        }
    }
    Some(MediaType::Zip)
}

/// OpenDocument 1.3 part 2 §3.3 and EPUB OCF 3.3 §4.2.2: the first entry names the type, stored.
fn by_mimetype(data: &[u8]) -> MediaType {
    const TYPES: &[(&[u8], MediaType)] = &[
        (b"application/epub+zip", MediaType::Epub),
        (b"application/vnd.oasis.opendocument.text", MediaType::Odt),
        (
            b"application/vnd.oasis.opendocument.spreadsheet",
            MediaType::Ods,
        ),
        (
            b"application/vnd.oasis.opendocument.presentation",
            MediaType::Odp,
        ),
    ];
    TYPES
        .iter()
        .find(|(name, _)| data.starts_with(name))
        .map_or(MediaType::Zip, |(_, found)| *found)
}

struct Entry<'a> {
    name: &'a [u8],
    /// As much of the (perhaps compressed) content as is at hand.
    data: &'a [u8],
}

/// Local file headers in order.
struct Entries<'a> {
    rest: &'a [u8],
}

impl<'a> Entries<'a> {
    fn new(head: &'a [u8]) -> Self {
        Self { rest: head }
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        if !self.rest.starts_with(LOCAL_HEADER) {
            return None;
        }
        let streamed = le_u16(self.rest, 6)? & 8 != 0;
        let size = le_u32(self.rest, 18)? as usize;
        let name_end = 30 + usize::from(le_u16(self.rest, 26)?);
        let name = self.rest.get(30..name_end)?;
        let start = name_end + usize::from(le_u16(self.rest, 28)?);
        let data = self.rest.get(start..).unwrap_or_default();
        // With a data descriptor the size is unknown here: look for the next header instead.
        let skip = if streamed && size == 0 {
            find(data, LOCAL_HEADER).unwrap_or(data.len())
        } else {
            size.min(data.len())
        };
        self.rest = &data[skip..];
        Some(Entry { name, data })
    }
}
