//! JPEG (ITU-T T.81): decoded at the smallest of 1/1, 1/2, 1/4, 1/8 that still leaves half as much
//! again as is wanted, because the DCT gives those sizes for a fraction of the price.

mod planes;
pub(crate) mod segments;

use media::Limits;
use turbojpeg::{Colorspace, Decompressor, Image, PixelFormat, ScalingFactor, Subsamp};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::colour::Colour;
use crate::failure::Failure;
use crate::orient::Orientation;
use crate::picture::{Decoded, Layout, Picture, Samples, check_size};
use segments::Segments;

/// Progressive files may repeat scans to waste time; real ones have about ten.
const MAX_SCANS: u32 = 200;
/// Of a damaged picture, what was not decoded keeps this shade.
const UNPAINTED: u8 = 128;

/// Decodes a JPEG for a picture of `long_edge` pixels.
pub(crate) fn decode(
    input: &[u8],
    segments: &Segments<'_>,
    long_edge: u32,
    limits: &Limits,
) -> Result<Decoded, Failure> {
    let full = segments
        .size
        .ok_or_else(|| Failure::Damaged("the JPEG ends before its picture begins".to_owned()))?;
    // A progressive picture is held as coefficients, two bytes each, beside the pixels.
    check_size(full, if segments.progressive { 9 } else { 1 }, limits)?;
    let scaled = scaled(input, long_edge, limits);
    let (picture, damage) = match scaled {
        Ok(done) => done,
        Err(first) => whole(input, full, limits).map_err(|_| first)?,
    };
    Ok(Decoded {
        picture,
        colour: Colour::from_icc(segments.icc()),
        orientation: Orientation::UPRIGHT,
        full,
        frames: None,
        problem: damage.map(partly),
    })
}

/// What is said of a picture that was only partly there.
fn partly(error: String) -> Failure {
    Failure::Damaged(format!(
        "the file is damaged, what could be read is shown: {error}"
    ))
}

/// The scaled decode, and what was wrong with the file if something was.
fn scaled(
    input: &[u8],
    long_edge: u32,
    limits: &Limits,
) -> Result<(Picture, Option<String>), Failure> {
    let failed = |error: turbojpeg::Error| Failure::damaged("JPEG", error);
    let mut decoder = Decompressor::new().map_err(failed)?;
    let header = decoder.read_header(input).map_err(failed)?;
    decoder.set_scan_limit(MAX_SCANS).map_err(failed)?;
    let longest = header.width.max(header.height);
    let factor = if header.is_lossless {
        ScalingFactor::ONE
    } else {
        scaling(longest, long_edge)
    };
    decoder.set_scaling_factor(factor).map_err(failed)?;
    let is_ycc = matches!(header.colorspace, Colorspace::YCbCr | Colorspace::Gray);
    if is_ycc && !header.is_lossless && header.subsamp != Subsamp::Unknown {
        let full = (header.width, header.height);
        let kind = (factor, header.subsamp);
        return planes::decode(&mut decoder, input, full, kind, long_edge);
    }
    let (width, height) = (factor.scale(header.width), factor.scale(header.height));
    let (format, layout) = match header.colorspace {
        Colorspace::CMYK | Colorspace::YCCK => (PixelFormat::CMYK, Layout::Cmyk),
        Colorspace::RGB | Colorspace::YCbCr | Colorspace::Gray => (PixelFormat::RGB, Layout::Rgb),
    };
    let size = (width as u32, height as u32);
    check_size(size, layout.channels() as u64, limits)?;
    let mut pixels = vec![UNPAINTED; width * height * layout.channels()];
    let image = Image {
        pixels: pixels.as_mut_slice(),
        width,
        pitch: width * layout.channels(),
        height,
        format,
    };
    // The library reports warnings as errors, but paints what it can read.
    let damage = match decoder.decompress(input, image) {
        Ok(()) => None,
        Err(error) if pixels.iter().any(|sample| *sample != UNPAINTED) => Some(error.to_string()),
        Err(error) => return Err(failed(error)),
    };
    Ok((Picture::new(size, layout, Samples::Eight(pixels))?, damage))
}

/// The smallest scale that leaves at least 1.5 times what is wanted. At 1.25 a phone's 12 million
/// pixels would cost a quarter less, but fine texture is lost that is there in a full decode
/// (docs/adr/0004).
fn scaling(longest: usize, long_edge: u32) -> ScalingFactor {
    [
        ScalingFactor::ONE_EIGHTH,
        ScalingFactor::ONE_QUARTER,
        ScalingFactor::ONE_HALF,
    ]
    .into_iter()
    .find(|factor| factor.scale(longest) * 2 >= long_edge as usize * 3)
    .unwrap_or(ScalingFactor::ONE)
}

/// The whole picture by another decoder, for files the first one refuses outright.
fn whole(
    input: &[u8],
    full: (u32, u32),
    limits: &Limits,
) -> Result<(Picture, Option<String>), Failure> {
    check_size(full, 6, limits)?;
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(input), options);
    let pixels = decoder
        .decode()
        .map_err(|error| Failure::damaged("JPEG", error))?;
    let (width, height) = decoder
        .dimensions()
        .ok_or_else(|| Failure::Damaged("the JPEG has no size".to_owned()))?;
    let size = (width as u32, height as u32);
    Ok((
        Picture::new(size, Layout::Rgb, Samples::Eight(pixels))?,
        None,
    ))
}

#[cfg(test)]
mod tests;
