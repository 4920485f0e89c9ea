//! Fujifilm RAF: a header that points to a JPEG, which carries the EXIF, and to a directory of the
//! maker's own, which knows the size. All numbers are big-endian.

use crate::jpeg::segments::Segments;
use crate::metadata::Carriers;

const JPEG_OFFSET: usize = 84;
const DIRECTORY_OFFSET: usize = 92;
/// Directory entries that hold height, then width: of the picture, and of the whole sensor.
const CROPPED_SIZE: u16 = 0x0111;
const FULL_SIZE: u16 = 0x0100;
const MAX_ENTRIES: u32 = 1000;

pub(super) fn carriers(input: &[u8]) -> Carriers {
    let jpeg = number(input, JPEG_OFFSET)
        .and_then(|at| input.get(at as usize..))
        .unwrap_or_default();
    Carriers {
        size: size(input),
        ..Carriers::of_jpeg(&Segments::read(jpeg))
    }
}

fn size(input: &[u8]) -> Option<(u32, u32)> {
    let directory = input.get(number(input, DIRECTORY_OFFSET)? as usize..)?;
    entry(directory, CROPPED_SIZE).or_else(|| entry(directory, FULL_SIZE))
}

fn entry(directory: &[u8], wanted: u16) -> Option<(u32, u32)> {
    let count = number(directory, 0)?.min(MAX_ENTRIES);
    let mut rest = &directory[4..];
    for _ in 0..count {
        let [a, b, c, d] = *rest.first_chunk()?;
        let length = usize::from(u16::from_be_bytes([c, d]));
        let body = rest.get(4..4 + length)?;
        if u16::from_be_bytes([a, b]) == wanted {
            let [h1, h2, w1, w2] = *body.first_chunk()?;
            let edge = |high, low| u32::from(u16::from_be_bytes([high, low]));
            return Some((edge(w1, w2), edge(h1, h2)));
        }
        rest = &rest[4 + length..];
    }
    None
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}
