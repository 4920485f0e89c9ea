//! TIFF 6.0 directories, which also are what EXIF and most camera RAW formats are made of.
//!
//! Offsets and counts come from the file and are believed only as far as they point into it. Loops
//! cannot happen: a directory is visited once, and there is a limit on how many are.

use std::collections::HashSet;

/// Directories visited in one file.
const MAX_DIRECTORIES: usize = 64;
/// Entries read of one directory.
const MAX_ENTRIES: usize = 4096;

/// Tags that more than one reader needs.
pub(crate) mod tag {
    pub(crate) const NEW_SUBFILE_TYPE: u16 = 0x00fe;
    pub(crate) const IMAGE_WIDTH: u16 = 0x0100;
    pub(crate) const IMAGE_LENGTH: u16 = 0x0101;
    pub(crate) const SUB_IFDS: u16 = 0x014a;
    pub(crate) const XMP: u16 = 0x02bc;
    pub(crate) const IPTC: u16 = 0x83bb;
    pub(crate) const PHOTOSHOP: u16 = 0x8649;
    pub(crate) const EXIF_IFD: u16 = 0x8769;
    pub(crate) const ICC: u16 = 0x8773;
    pub(crate) const GPS_IFD: u16 = 0x8825;
}

/// A file or block that begins with a TIFF header.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl<'a> Tiff<'a> {
    /// A TIFF structure, of whichever magic number: RAW formats have their own.
    pub(crate) fn open(bytes: &'a [u8]) -> Option<Self> {
        let little = match bytes.get(..2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        Some(Self { bytes, little })
    }

    /// The bytes offsets count from.
    pub(crate) const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The first directory.
    pub(crate) fn first(&self) -> Option<Directory<'a>> {
        self.directory(self.u32(4)?)
    }

    /// The directory at an offset.
    pub(crate) fn directory(&self, offset: u32) -> Option<Directory<'a>> {
        let at = offset as usize;
        let count = usize::from(self.u16(at)?);
        let entries = (0..count.min(MAX_ENTRIES))
            .map_while(|index| self.entry(at.checked_add(2 + index * 12)?))
            .collect();
        let next = at.checked_add(2 + count * 12).and_then(|at| self.u32(at));
        Some(Directory {
            entries,
            next: next.unwrap_or(0),
        })
    }

    /// Every directory that can be reached: the first, those chained behind it, and the
    /// sub-directories (TIFF technical note 1), parents before children.
    pub(crate) fn directories(&self) -> Vec<Directory<'a>> {
        let mut found: Vec<Directory<'a>> = Vec::new();
        let mut seen = HashSet::new();
        let mut waiting: Vec<u32> = self.u32(4).into_iter().collect();
        while let Some(offset) = waiting.pop() {
            if offset == 0 || found.len() >= MAX_DIRECTORIES || !seen.insert(offset) {
                continue;
            }
            if let Some(directory) = self.directory(offset) {
                waiting.push(directory.next);
                if let Some(children) = directory.find(tag::SUB_IFDS) {
                    waiting.extend(children.numbers().take(MAX_DIRECTORIES));
                }
                found.push(directory);
            }
        }
        found
    }

    fn entry(&self, at: usize) -> Option<Entry<'a>> {
        let kind = self.u16(at + 2)?;
        let count = self.u32(at + 4)?;
        let size = (count as usize).saturating_mul(size_of_kind(kind));
        let start = if size <= 4 {
            at + 8
        } else {
            self.u32(at + 8)? as usize
        };
        // A value that is cut off keeps what is there: cut-off files still have a date.
        let end = start.saturating_add(size).min(self.bytes.len());
        Some(Entry {
            tag: self.u16(at)?,
            kind,
            little: self.little,
            data: self.bytes.get(start..end).unwrap_or_default(),
        })
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let two = self.bytes.get(at..)?.first_chunk()?;
        Some(read_u16(*two, self.little))
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let four = self.bytes.get(at..)?.first_chunk()?;
        Some(read_u32(*four, self.little))
    }
}

/// One directory: what is known about one picture, or about all.
#[derive(Debug, Clone, Default)]
pub(crate) struct Directory<'a> {
    entries: Vec<Entry<'a>>,
    next: u32,
}

impl<'a> Directory<'a> {
    /// The first entry of a tag.
    pub(crate) fn find(&self, tag: u16) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    /// A tag's first value as a whole number.
    pub(crate) fn number(&self, tag: u16) -> Option<u32> {
        self.find(tag)?.numbers().next()
    }
}

/// One tag with its values.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'a> {
    tag: u16,
    kind: u16,
    little: bool,
    data: &'a [u8],
}

impl<'a> Entry<'a> {
    /// The values as they lie in the file.
    pub(crate) const fn bytes(&self) -> &'a [u8] {
        self.data
    }

    /// Values of the whole-number types; nothing for the others.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = u32> {
        let size = match self.kind {
            1 | 7 => 1,
            3 => 2,
            4 | 13 => 4,
            _ => 0,
        };
        let chunks = self.data.chunks_exact(size.max(1));
        chunks.filter_map(move |chunk| match (size, chunk) {
            (1, [byte]) => Some(u32::from(*byte)),
            (2, [a, b]) => Some(u32::from(read_u16([*a, *b], self.little))),
            (4, [a, b, c, d]) => Some(read_u32([*a, *b, *c, *d], self.little)),
            _ => None,
        })
    }

    /// Values of the rational types, and whole numbers too; `None` for one without a denominator.
    pub(crate) fn rationals(&self) -> Vec<Option<f64>> {
        if !matches!(self.kind, 5 | 10) {
            return self.numbers().map(|value| Some(f64::from(value))).collect();
        }
        let (pairs, _) = self.data.as_chunks::<8>();
        pairs
            .iter()
            .map(|[a, b, c, d, e, f, g, h]| {
                let top = read_u32([*a, *b, *c, *d], self.little);
                let bottom = read_u32([*e, *f, *g, *h], self.little);
                let (top, bottom) = if self.kind == 10 {
                    (
                        f64::from(top.cast_signed()),
                        f64::from(bottom.cast_signed()),
                    )
                } else {
                    (f64::from(top), f64::from(bottom))
                };
                (bottom != 0.0).then_some(top / bottom)
            })
            .collect()
    }
}

const fn size_of_kind(kind: u16) -> usize {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 => 8,
        _ => 1,
    }
}

const fn read_u16(bytes: [u8; 2], little: bool) -> u16 {
    if little {
        u16::from_le_bytes(bytes)
    } else {
        u16::from_be_bytes(bytes)
    }
}

const fn read_u32(bytes: [u8; 4], little: bool) -> u32 {
    if little {
        u32::from_le_bytes(bytes)
    } else {
        u32::from_be_bytes(bytes)
    }
}

#[cfg(test)]
mod tests;
