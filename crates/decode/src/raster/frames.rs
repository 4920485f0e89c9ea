//! How many frames or pages a file has, counted without decoding any.

use domain::MediaType;

use crate::tiff::{Tiff, tag};

/// Counting stops here: more is as good as many.
const MAX_FRAMES: usize = 1_000_000;

/// Frames or pages, when more than one.
pub(super) fn count(kind: MediaType, input: &[u8]) -> Option<u32> {
    let count = match kind {
        MediaType::Gif => gif(input),
        MediaType::Png => png(input)?,
        MediaType::WebP => webp(input),
        MediaType::Tiff => tiff(input),
        _ => 1,
    };
    u32::try_from(count).ok().filter(|count| *count > 1)
}

/// Image descriptors of a GIF (GIF89a specification, appendix "Block order").
fn gif(input: &[u8]) -> usize {
    let table = |flags: u8| {
        if flags & 0x80 == 0 {
            0
        } else {
            3 << ((flags & 7) + 1)
        }
    };
    let Some(flags) = input.get(10) else { return 0 };
    let mut at = 13 + table(*flags);
    let mut frames = 0;
    while frames < MAX_FRAMES {
        at = match input.get(at) {
            Some(0x21) => at + 2,
            Some(0x2c) => {
                frames += 1;
                let Some(flags) = input.get(at + 9) else {
                    break;
                };
                // The descriptor, its colour table and the size of codes.
                at + 10 + table(*flags) + 1
            }
            _ => break,
        };
        // Sub-blocks up to an empty one.
        while let Some(length) = input.get(at) {
            at += 1 + usize::from(*length);
            if *length == 0 {
                break;
            }
        }
    }
    frames
}

/// `num_frames` of the animation control chunk (PNG third edition §11.3.6.1), before any pixels.
fn png(input: &[u8]) -> Option<usize> {
    let mut at = 8_usize;
    loop {
        let length = u32::from_be_bytes(*input.get(at..)?.first_chunk()?) as usize;
        match input.get(at + 4..at + 8)? {
            b"acTL" => {
                let frames = u32::from_be_bytes(*input.get(at + 8..)?.first_chunk()?);
                return usize::try_from(frames).ok();
            }
            b"IDAT" => return None,
            _ => at = at.checked_add(length)?.checked_add(12)?,
        }
    }
}

/// Frame chunks of a WebP (RFC 9649 §2.7.1.1).
fn webp(input: &[u8]) -> usize {
    let mut rest = input.get(12..).unwrap_or_default();
    let mut frames = 0;
    while let Some((header, body)) = rest.split_first_chunk::<8>() {
        frames += usize::from(header.starts_with(b"ANMF"));
        let size = u32::from_le_bytes([header[4], header[5], header[6], header[7]]) as usize;
        rest = body
            .get(size.saturating_add(size % 2)..)
            .unwrap_or_default();
    }
    frames
}

/// Pages of a TIFF; reduced copies of a page are not pages.
fn tiff(input: &[u8]) -> usize {
    let Some(tiff) = Tiff::open(input) else {
        return 0;
    };
    let is_page = |directory: &&crate::tiff::Directory<'_>| {
        directory.number(tag::NEW_SUBFILE_TYPE).unwrap_or(0) & 1 == 0
            && directory.number(tag::IMAGE_WIDTH).is_some()
    };
    tiff.directories().iter().filter(is_page).count()
}
