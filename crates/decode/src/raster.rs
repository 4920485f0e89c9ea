//! PNG, GIF, WebP, TIFF and BMP, by the `image` crate: the first frame or page of each.

mod frames;

use std::io::Cursor;

use domain::MediaType;
use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::tiff::TiffDecoder;
use image::codecs::webp::WebPDecoder;
use image::{ColorType, ImageDecoder, ImageResult};
use media::Limits;

use crate::colour::Colour;
use crate::failure::Failure;
use crate::formats::Opened;
use crate::metadata::{Carriers, ExifBlock};
use crate::orient::Orientation;
use crate::picture::{Decoded, Layout, Picture, Samples, check_size};
use crate::tiff::Tiff;

/// Reads a file of one of the types above.
pub(crate) fn open(kind: MediaType, input: &[u8], limits: &Limits) -> Opened {
    let mut carriers = match (kind, Tiff::open(input)) {
        (MediaType::Tiff, Some(tiff)) => Carriers::of_tiff(&tiff),
        _ => Carriers::default(),
    };
    carriers.frames = frames::count(kind, input);
    let decoder = match decoder(kind, input, limits) {
        Ok(decoder) => decoder,
        Err(error) => {
            let picture = Err(failure(kind, &error));
            return Opened { carriers, picture };
        }
    };
    let picture = read(kind, decoder, &mut carriers, limits);
    Opened { carriers, picture }
}

fn decoder<'a>(
    kind: MediaType,
    input: &'a [u8],
    limits: &Limits,
) -> ImageResult<Box<dyn ImageDecoder + 'a>> {
    let reader = Cursor::new(input);
    let mut decoder: Box<dyn ImageDecoder + 'a> = match kind {
        MediaType::Png => Box::new(PngDecoder::new(reader)?),
        MediaType::Gif => Box::new(GifDecoder::new(reader)?),
        MediaType::WebP => Box::new(WebPDecoder::new(reader)?),
        MediaType::Tiff => Box::new(TiffDecoder::new(reader)?),
        _ => Box::new(BmpDecoder::new(reader)?),
    };
    let mut ours = image::Limits::no_limits();
    ours.max_alloc = Some(limits.max_memory / 4 * 3);
    decoder.set_limits(ours)?;
    Ok(decoder)
}

fn read(
    kind: MediaType,
    mut decoder: Box<dyn ImageDecoder + '_>,
    carriers: &mut Carriers,
    limits: &Limits,
) -> Result<Decoded, Failure> {
    let full = decoder.dimensions();
    carriers.size = Some(full);
    take_metadata(&mut *decoder, carriers);
    let color = decoder.color_type();
    // The decoder's buffer, and ours with gray spread to three samples.
    check_size(full, u64::from(color.bytes_per_pixel()) + 4, limits)?;
    let mut bytes = vec![0; usize::try_from(decoder.total_bytes()).unwrap_or(usize::MAX)];
    let ended = decoder.read_image_boxed(&mut bytes);
    let problem = match ended {
        Ok(()) => None,
        Err(error) if bytes.iter().any(|byte| *byte != 0) => Some(Failure::Damaged(format!(
            "the file is damaged, what could be read is shown: {error}"
        ))),
        Err(error) => return Err(failure(kind, &error)),
    };
    Ok(Decoded {
        picture: picture(full, color, bytes)?,
        colour: Colour::from_icc(carriers.icc.clone()),
        orientation: Orientation::UPRIGHT,
        full,
        frames: carriers.frames,
        problem,
    })
}

/// Takes what the decoder has found; a piece that cannot be read is as good as absent.
fn take_metadata(decoder: &mut dyn ImageDecoder, carriers: &mut Carriers) {
    let found = |read: ImageResult<Option<Vec<u8>>>| read.ok().flatten();
    if carriers.exif.is_empty()
        && let Some(exif) = found(decoder.exif_metadata())
    {
        // The header of the JPEG segment does not belong here, but some programs write it.
        let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif);
        carriers.exif.push(ExifBlock::Whole(tiff.to_vec()));
    }
    if carriers.xmp.is_empty() {
        carriers.xmp.extend(found(decoder.xmp_metadata()));
    }
    if carriers.iptc.is_none() {
        carriers.iptc = found(decoder.iptc_metadata());
    }
    if carriers.icc.is_none() {
        carriers.icc = found(decoder.icc_profile());
    }
}

fn picture(size: (u32, u32), color: ColorType, bytes: Vec<u8>) -> Result<Picture, Failure> {
    let wide = |bytes: &[u8]| -> Vec<u16> { bytemuck::pod_collect_to_vec(bytes) };
    let (layout, samples) = match color {
        ColorType::L8 => (Layout::Rgb, Samples::Eight(spread::<u8, 1, 3>(&bytes))),
        ColorType::La8 => (Layout::Rgba, Samples::Eight(spread::<u8, 2, 4>(&bytes))),
        ColorType::Rgb8 => (Layout::Rgb, Samples::Eight(bytes)),
        ColorType::Rgba8 => (Layout::Rgba, Samples::Eight(bytes)),
        ColorType::L16 => (
            Layout::Rgb,
            Samples::Sixteen(spread::<u16, 1, 3>(&wide(&bytes))),
        ),
        ColorType::La16 => (
            Layout::Rgba,
            Samples::Sixteen(spread::<u16, 2, 4>(&wide(&bytes))),
        ),
        ColorType::Rgb16 => (Layout::Rgb, Samples::Sixteen(wide(&bytes))),
        ColorType::Rgba16 => (Layout::Rgba, Samples::Sixteen(wide(&bytes))),
        ColorType::Rgb32F => (Layout::Rgb, Samples::Sixteen(floats(&bytes))),
        ColorType::Rgba32F => (Layout::Rgba, Samples::Sixteen(floats(&bytes))),
        other => {
            return Err(Failure::Unsupported(format!(
                "samples of kind {other:?} cannot be shown yet"
            )));
        }
    };
    Picture::new(size, layout, samples)
}

/// Gray, with or without opacity, as three equal samples.
fn spread<T: Copy, const FROM: usize, const TO: usize>(samples: &[T]) -> Vec<T> {
    let (pixels, _) = samples.as_chunks::<FROM>();
    pixels
        .iter()
        .flat_map(|pixel| {
            std::array::from_fn::<T, TO, _>(|at| pixel[if at < 3 { 0 } else { FROM - 1 }])
        })
        .collect()
}

/// Floating point samples, of which 1 is white.
fn floats(bytes: &[u8]) -> Vec<u16> {
    let samples: Vec<f32> = bytemuck::pod_collect_to_vec(bytes);
    samples
        .into_iter()
        .map(|sample| (sample.clamp(0.0, 1.0) * 65535.0).round() as u16)
        .collect()
}

fn failure(kind: MediaType, error: &image::ImageError) -> Failure {
    let name = kind.extension().to_ascii_uppercase();
    match error {
        image::ImageError::Unsupported(error) => {
            Failure::Unsupported(format!("this {name} cannot be shown yet: {error}"))
        }
        image::ImageError::Limits(error) => {
            Failure::TooLarge(format!("the {name} is too large: {error}"))
        }
        error => Failure::damaged(&name, error),
    }
}

#[cfg(test)]
mod tests;
