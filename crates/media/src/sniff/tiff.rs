//! TIFF 6.0, and the camera RAW formats that are TIFF inside.
//!
//! A maker's name is not enough (a scan or an export may carry it), so a RAW format is recognised
//! by its own header where it has one, and otherwise by the maker together with something only
//! sensor data has.

use domain::MediaType;

use super::bytes::{array, be_u16, be_u32, le_u16, le_u32};

const NEW_SUBFILE_TYPE: u16 = 0x00fe;
const COMPRESSION: u16 = 0x0103;
const PHOTOMETRIC: u16 = 0x0106;
const MAKE: u16 = 0x010f;
const SUB_IFDS: u16 = 0x014a;
const DNG_VERSION: u16 = 0xc612;
const DNG_PRIVATE: u16 = 0xc634;
/// PhotometricInterpretation of a colour filter array (TIFF/EP, ISO 12234-2).
const COLOR_FILTER_ARRAY: u32 = 32803;
/// Directories looked into, and entries read of each.
const MAX_DIRECTORIES: usize = 16;
const MAX_ENTRIES: usize = 512;

/// The type of a TIFF-like file.
pub(super) fn sniff(head: &[u8]) -> Option<MediaType> {
    let little = match &array::<2>(head, 0)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let tiff = Tiff { head, little };
    match &array::<4>(head, 0)? {
        b"IIRO" | b"IIRS" | b"MMOR" => return Some(MediaType::Orf),
        b"IIU\0" => return Some(MediaType::Rw2),
        b"II*\0" | b"MM\0*" => {}
        b"II+\0" | b"MM\0+" => return Some(MediaType::Tiff),
        _ => return None,
    }
    if head.get(8..10) == Some(b"CR") && head.get(10) == Some(&2) {
        return Some(MediaType::Cr2);
    }
    Some(raw(&tiff).unwrap_or(MediaType::Tiff))
}

fn raw(tiff: &Tiff<'_>) -> Option<MediaType> {
    let first = tiff.u32(4)? as usize;
    if tiff.find(first, DNG_VERSION).is_some() {
        return Some(MediaType::Dng);
    }
    let make = tiff.ascii(tiff.find(first, MAKE)?)?.to_ascii_uppercase();
    let has = |word: &str| make.starts_with(word.as_bytes());
    let found = if has("NIKON") {
        MediaType::Nef
    } else if has("SONY") {
        MediaType::Arw
    } else if has("PENTAX") || has("RICOH") || has("ASAHI") {
        MediaType::Pef
    } else if has("SAMSUNG") {
        MediaType::Srw
    } else if has("OLYMPUS") || has("OM DIGITAL") {
        MediaType::Orf
    } else {
        return None;
    };
    has_sensor_data(tiff, first).then_some(found)
}

/// Whether any directory describes what only a sensor delivers.
fn has_sensor_data(tiff: &Tiff<'_>, first: usize) -> bool {
    let reduced_first = tiff
        .find(first, NEW_SUBFILE_TYPE)
        .and_then(|e| tiff.number(e))
        == Some(1);
    if reduced_first && tiff.find(first, SUB_IFDS).is_some() {
        return true;
    }
    tiff.directories(first).into_iter().any(|at| {
        let value = |tag| tiff.find(at, tag).and_then(|entry| tiff.number(entry));
        value(PHOTOMETRIC) == Some(COLOR_FILTER_ARRAY)
            // Makers' own compressions: Sony, Nikon, Samsung, Pentax.
            || matches!(value(COMPRESSION), Some(32767 | 34713 | 32769 | 32770 | 65535))
            || tiff.find(at, DNG_PRIVATE).is_some()
    })
}

/// A TIFF file of which only the beginning is at hand.
struct Tiff<'a> {
    head: &'a [u8],
    little: bool,
}

impl Tiff<'_> {
    fn u16(&self, at: usize) -> Option<u16> {
        if self.little {
            le_u16(self.head, at)
        } else {
            be_u16(self.head, at)
        }
    }

    fn u32(&self, at: usize) -> Option<u32> {
        if self.little {
            le_u32(self.head, at)
        } else {
            be_u32(self.head, at)
        }
    }

    /// Offset of the entry of `tag` in the directory at `at`.
    fn find(&self, at: usize, tag: u16) -> Option<usize> {
        let count = usize::from(self.u16(at)?).min(MAX_ENTRIES);
        let first = at.checked_add(2)?;
        (0..count)
            .map(|index| first + index * 12)
            .find(|entry| self.u16(*entry) == Some(tag))
    }

    /// Value of an entry that holds one SHORT or LONG.
    fn number(&self, entry: usize) -> Option<u32> {
        match self.u16(entry + 2)? {
            3 => self.u16(entry + 8).map(u32::from),
            4 | 13 => self.u32(entry + 8),
            _ => None,
        }
    }

    /// Bytes of an entry that holds ASCII.
    fn ascii(&self, entry: usize) -> Option<&[u8]> {
        let count = self.u32(entry + 4)? as usize;
        let at = if count <= 4 {
            entry + 8
        } else {
            self.u32(entry + 8)? as usize
        };
        self.head.get(at..at.checked_add(count.min(64))?)
    }

    /// The first directory, those chained to it, and the sub-directories of each.
    fn directories(&self, first: usize) -> Vec<usize> {
        let mut found = vec![first];
        let mut index = 0;
        while index < found.len() && found.len() < MAX_DIRECTORIES {
            let at = found[index];
            index += 1;
            let mut add = |offset: u32| {
                let offset = offset as usize;
                if offset != 0 && !found.contains(&offset) && found.len() < MAX_DIRECTORIES {
                    found.push(offset);
                }
            };
            if let Some(count) = self.u16(at) {
                let next = at + 2 + usize::from(count) * 12;
                self.u32(next).map(&mut add);
            }
            if let Some(entry) = self.find(at, SUB_IFDS) {
                let count = self.u32(entry + 4).unwrap_or(0) as usize;
                if count == 1 {
                    self.u32(entry + 8).map(&mut add);
                } else if let Some(list) = self.u32(entry + 8) {
                    (0..count.min(MAX_DIRECTORIES))
                        .filter_map(|index| self.u32((list as usize).checked_add(index * 4)?))
                        .for_each(add);
                }
            }
        }
        found
    }
}
