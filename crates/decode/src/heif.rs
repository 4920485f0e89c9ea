//! HEIC, HEIF and AVIF (ISO/IEC 23008-12), by the system's libheif: the primary picture, which the
//! library turns and mirrors as the container says. EXIF's orientation repeats that and is not
//! applied a second time; only where the container says nothing at all, because a program dropped
//! it on the way from the camera, EXIF is believed.

mod ffi;
mod items;
mod library;

use std::sync::OnceLock;

use domain::LocalTime;
use media::Limits;

use crate::bmff;
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
    let items = items::read(input);
    let mut carriers = Carriers {
        exif: items
            .exif
            .and_then(|block| tiff_of(&block))
            .map(ExifBlock::Whole)
            .into_iter()
            .collect(),
        xmp: items.xmp.into_iter().collect(),
        turned_by_container: items.turned,
        ..Carriers::default()
    };
    if carriers.exif.is_empty() {
        carriers.stated.captured = sequence_time(input);
    }
    let picture = match library() {
        Ok(library) => read(library, input, &mut carriers, limits),
        Err(reason) => Err(Failure::Unavailable(format!(
            "HEIC and AVIF need libheif 1.15 or later (Debian package libheif1): {reason}"
        ))),
    };
    Opened { carriers, picture }
}

fn read(
    library: &Library,
    input: &[u8],
    carriers: &mut Carriers,
    limits: &Limits,
) -> Result<Decoded, Failure> {
    let copy;
    let still = match library.open(input) {
        Ok(still) => still,
        Err(reason) => {
            let damaged = Failure::damaged("HEIF file", reason);
            copy = items::mended(input).ok_or_else(|| damaged.clone())?;
            library.open(&copy).map_err(|_| damaged)?
        }
    };
    carriers.icc = still.icc();
    carriers.size = Some(still.size());
    carriers.frames = Some(still.pictures()).filter(|count| *count > 1);
    paint(&still, carriers.icc.clone(), limits)
}

/// When an image sequence was made, by its movie header (ISO/IEC 14496-12 §8.2.2), UTC.
fn sequence_time(input: &[u8]) -> Option<LocalTime> {
    /// From 1904, where its clock begins, to 1970.
    const EPOCH: i64 = 2_082_844_800;
    let header = bmff::find(bmff::find(input, b"moov")?, b"mvhd")?;
    let seconds = match header.first()? {
        0 => i64::from(u32::from_be_bytes(*header.get(4..)?.first_chunk()?)),
        _ => i64::from_be_bytes(*header.get(4..)?.first_chunk()?),
    };
    let instant = jiff::Timestamp::from_second(seconds.checked_sub(EPOCH)?).ok()?;
    // Earlier means that the clock was not set.
    (seconds > EPOCH).then(|| LocalTime {
        local: jiff::tz::Offset::UTC.to_datetime(instant).to_string(),
        offset_minutes: Some(0),
        source: "quicktime:CreateDate".to_owned(),
    })
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
    let pixels = still
        .decode()
        .map_err(|reason| Failure::damaged("HEIF file", reason))?;
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
