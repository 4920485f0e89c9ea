//! JPEG pictures inside other files: the previews of camera RAW, the thumbnails of EXIF.
//!
//! Makers hide them in a dozen ways, in directories, private notes and boxes. All of them are whole
//! JPEG streams, so they are looked for as such: everything that begins like one and has a frame
//! header of a kind that can be shown. Sensor data is lossless JPEG at most, which is told apart.

use media::Limits;

use crate::failure::Failure;
use crate::jpeg::{self, segments::Segments};
use crate::picture::Decoded;

/// Beginnings looked at; a RAW file has about five.
const MAX_BEGINNINGS: usize = 4096;
/// Candidates tried, largest first.
const MAX_TRIES: usize = 4;

/// A picture found inside a file.
pub(crate) struct Found<'a> {
    pub(crate) decoded: Decoded,
    pub(crate) segments: Segments<'a>,
}

/// The largest whole JPEG at or behind `from`; a damaged one only when there is no whole one.
pub(crate) fn largest<'a>(
    input: &'a [u8],
    from: usize,
    long_edge: u32,
    limits: &Limits,
) -> Option<Found<'a>> {
    let mut damaged = None;
    for (at, segments) in candidates(input, from).into_iter().take(MAX_TRIES) {
        let Ok(decoded) = jpeg::decode(&input[at..], &segments, long_edge, limits) else {
            continue;
        };
        let found = Found { decoded, segments };
        match found.decoded.problem {
            None => return Some(found),
            Some(Failure::Damaged(_)) if damaged.is_none() => damaged = Some(found),
            Some(_) => {}
        }
    }
    damaged
}

/// Streams with a frame that can be shown, those with most pixels first.
fn candidates(input: &[u8], from: usize) -> Vec<(usize, Segments<'_>)> {
    let mut found: Vec<(usize, Segments<'_>)> = beginnings(input, from)
        .take(MAX_BEGINNINGS)
        .map(|at| (at, Segments::read(&input[at..])))
        .filter(|(_, segments)| segments.size.is_some() && !segments.lossless)
        .collect();
    found.sort_by_key(|(_, segments)| {
        let (width, height) = segments.size.unwrap_or_default();
        std::cmp::Reverse(u64::from(width) * u64::from(height))
    });
    found
}

/// Where the start of image and a first marker stand.
fn beginnings(input: &[u8], from: usize) -> impl Iterator<Item = usize> {
    let rest = input.get(from..).unwrap_or_default();
    rest.array_windows::<4>()
        .enumerate()
        .filter(|(_, window)| matches!(window, [0xff, 0xd8, 0xff, 0xc0..=0xfe]))
        .map(move |(at, _)| from + at)
}

#[cfg(test)]
mod tests;
