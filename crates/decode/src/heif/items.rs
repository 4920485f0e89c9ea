//! Items of a HEIF file (ISO/IEC 14496-12 §8.11) that are not pictures: EXIF and XMP. And mending
//! of what libheif 1.15 refuses though it could show it.

use crate::bmff;

/// Metadata larger than this is not metadata.
const MAX_ITEM: usize = 16 << 20;
/// Items and extents looked at.
const MAX_ITEMS: u32 = 4096;

/// EXIF block and XMP packet, and whether any picture is turned or mirrored by the container.
#[derive(Debug, Default)]
pub(super) struct Items {
    pub(super) exif: Option<Vec<u8>>,
    pub(super) xmp: Option<Vec<u8>>,
    pub(super) turned: bool,
}

/// Finds both.
pub(super) fn read(input: &[u8]) -> Items {
    let Some(meta) = bmff::find(input, b"meta").and_then(|meta| meta.get(4..)) else {
        return Items::default();
    };
    let entries = bmff::find(meta, b"iinf").map(entries).unwrap_or_default();
    let content = |wanted: &dyn Fn(&Entry) -> bool| {
        let id = entries.iter().find(|entry| wanted(entry))?.id;
        locate(input, meta, id)
    };
    Items {
        exif: content(&|entry| &entry.kind == b"Exif"),
        xmp: content(&|entry| &entry.kind == b"mime" && entry.is_xmp),
        turned: bmff::find(meta, b"iprp")
            .and_then(|properties| bmff::find(properties, b"ipco"))
            .is_some_and(|all| {
                bmff::boxes(all).any(|found| matches!(&found.kind, b"irot" | b"imir"))
            }),
    }
}

struct Entry {
    id: u32,
    kind: [u8; 4],
    is_xmp: bool,
}

/// Item information (§8.11.6): versions 2 and 3 of its entries have types.
fn entries(iinf: &[u8]) -> Vec<Entry> {
    let start = if iinf.first() == Some(&0) { 6 } else { 8 };
    bmff::boxes(iinf.get(start..).unwrap_or_default())
        .filter(|found| &found.kind == b"infe")
        .filter_map(|found| {
            let mut body = Cursor(found.body);
            let version = body.number(1)?;
            body.number(3)?;
            let id = body.number(if version == 3 { 4 } else { 2 })?;
            body.number(2)?;
            let kind = *body.0.first_chunk()?;
            let is_xmp = bytes_contain(body.0, b"application/rdf+xml");
            (version >= 2).then_some(Entry { id, kind, is_xmp })
        })
        .collect()
}

fn bytes_contain(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

/// The bytes of an item, by its location (§8.11.3).
fn locate(input: &[u8], meta: &[u8], wanted: u32) -> Option<Vec<u8>> {
    let mut iloc = Cursor(bmff::find(meta, b"iloc")?);
    let version = iloc.number(1)?;
    iloc.number(3)?;
    let sizes = iloc.number(2)?;
    let nibble = |place: u32| (sizes >> place & 15) as usize;
    let (offset_size, length_size, base_size) = (nibble(12), nibble(8), nibble(4));
    let index_size = if version == 0 { 0 } else { nibble(0) };
    let wide = if version < 2 { 2 } else { 4 };
    for _ in 0..iloc.number(wide)?.min(MAX_ITEMS) {
        let id = iloc.number(wide)?;
        let method = if version == 0 {
            0
        } else {
            iloc.number(2)? & 15
        };
        iloc.number(2)?;
        let base = iloc.long(base_size)?;
        let source = match method {
            0 => input,
            1 => bmff::find(meta, b"idat").unwrap_or_default(),
            _ => &[],
        };
        let mut content = Vec::new();
        for _ in 0..iloc.number(2)?.min(MAX_ITEMS) {
            iloc.long(index_size)?;
            let start = base.checked_add(iloc.long(offset_size)?)?;
            let length = iloc.long(length_size)?;
            let end = start.checked_add(length)?;
            if id == wanted && content.len() + length <= MAX_ITEM {
                content.extend_from_slice(source.get(start..end)?);
            }
        }
        if id == wanted {
            return Some(content);
        }
    }
    None
}

/// Big-endian numbers one after another.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn number(&mut self, size: usize) -> Option<u32> {
        self.long(size)
            .and_then(|number| u32::try_from(number).ok())
    }

    fn long(&mut self, size: usize) -> Option<usize> {
        let (bytes, rest) = self.0.split_at_checked(size)?;
        self.0 = rest;
        let number = bytes
            .iter()
            .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        usize::try_from(number).ok()
    }
}

/// A copy that libheif 1.15 accepts, when the file is one it refuses without need:
///
/// - phones since 2024 let metadata describe a tone map, an item it does not know, and it takes the
///   reference for an error; the references are renamed, we read the metadata ourselves;
/// - image sequences whose brands do not include that of the still they also hold get it.
pub(super) fn mended(input: &[u8]) -> Option<Vec<u8>> {
    let mut copy = input.to_vec();
    let mut changed = false;
    if input.get(4..12) == Some(b"ftypavis") && input.len() >= 20 {
        // Major brand and the first compatible one.
        copy[8..12].copy_from_slice(b"avif");
        copy[16..20].copy_from_slice(b"avif");
        changed = true;
    }
    let references = bmff::find(input, b"meta")
        .and_then(|meta| bmff::find(meta.get(4..)?, b"iref"))
        .and_then(|iref| iref.get(4..))
        .unwrap_or_default();
    for reference in bmff::boxes(references).filter(|found| &found.kind == b"cdsc") {
        // The type stands right before the body, which is a part of `input`.
        let at = reference.body.as_ptr().addr() - input.as_ptr().addr();
        copy[at - 4..at].copy_from_slice(b"skip");
        changed = true;
    }
    changed.then_some(copy)
}

#[cfg(test)]
mod tests;
