//! HEIC, HEIF and AVIF (ISO/IEC 23008-12), by the system's libheif: the primary picture, which the
//! library turns and mirrors as the container says. EXIF's orientation repeats that, or contradicts
//! it, and is not applied a second time.

mod ffi;
mod library;

use std::sync::OnceLock;

use media::Limits;

use crate::colour::Colour;
use crate::failure::Failure;
use crate::formats::Opened;
use crate::metadata::{Carriers, ExifBlock};
use crate::orient::Orientation;
use crate::picture::{Decoded, Layout, Picture, Samples, check_size};
use library::{Library, Still};

/// Bytes a pixel costs at the peak: the codec's planes, the library's interleaved copies, ours.
const BYTES_PER_PIXEL: u64 = 10;

static LIBRARY: OnceLock<Result<Library, String>> = OnceLock::new();

/// Loads libheif with its codecs while there is a file system.
pub(crate) fn warm_up() {
    library();
}

fn library() -> &'static Result<Library, String> {
    LIBRARY.get_or_init(Library::load)
}

/// Reads a HEIC, HEIF or AVIF file.
pub(crate) fn open(input: &[u8], limits: &Limits) -> Opened {
    let library = match library() {
        Ok(library) => library,
        Err(reason) => {
            return Opened::failed(Failure::Unavailable(format!(
                "HEIC and AVIF need libheif, version 1.15 or later (Debian package libheif1): {reason}"
            )));
        }
    };
    let still = match library.open(input) {
        Ok(still) => still,
        Err(reason) => return Opened::failed(Failure::damaged("HEIF file", reason)),
    };
    let icc = still.icc();
    let carriers = Carriers {
        exif: still.metadata("Exif").and_then(|block| tiff_of(&block)).map(ExifBlock::Whole).into_iter().collect(),
        xmp: still.metadata("mime").into_iter().collect(),
        icc: icc.clone(),
        size: Some(still.size()),
        frames: Some(still.pictures()).filter(|count| *count > 1),
        turned_by_container: true,
        ..Carriers::default()
    };
    let picture = paint(&still, icc, limits);
    Opened { carriers, picture }
}

/// The block begins with the offset of the TIFF header behind these four bytes (annex A.2.1).
fn tiff_of(block: &[u8]) -> Option<Vec<u8>> {
    let (offset, rest) = block.split_first_chunk()?;
    let tiff = rest.get(u32::from_be_bytes(*offset) as usize..)?;
    Some(tiff.to_vec())
}

fn paint(still: &Still<'_>, icc: Option<Vec<u8>>, limits: &Limits) -> Result<Decoded, Failure> {
    let full = still.size();
    check_size(full, BYTES_PER_PIXEL, limits)?;
    let colour = match (icc, still.cicp()) {
        (Some(icc), _) => Colour::Icc(icc),
        (None, Some((primaries, transfer))) => Colour::Cicp {
            primaries,
            transfer,
        },
        (None, None) => Colour::Srgb,
    };
    let pixels = still.decode().map_err(|reason| Failure::damaged("HEIF file", reason))?;
    let layout = if pixels.alpha {
        Layout::Rgba
    } else {
        Layout::Rgb
    };
    let samples = if pixels.bits > 8 {
        Samples::Sixteen(widen(&pixels.bytes, pixels.bits))
    } else {
        Samples::Eight(pixels.bytes)
    };
    Ok(Decoded {
        picture: Picture::new(pixels.size, layout, samples)?,
        colour,
        orientation: Orientation::UPRIGHT,
        full,
        frames: None,
        problem: None,
    })
}

/// Little-endian samples of 9 to 16 bits, stretched to all of 16.
fn widen(bytes: &[u8], bits: u32) -> Vec<u16> {
    let (samples, _) = bytes.as_chunks::<2>();
    let largest = (1_u32 << bits.min(16)) - 1;
    samples
        .iter()
        .map(|sample| {
            let value = u32::from(u16::from_le_bytes(*sample)).min(largest);
            ((value * 65535 + largest / 2) / largest) as u16
        })
        .collect()
}

#[cfg(test)]
mod tests;
