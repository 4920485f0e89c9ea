//! Baseline JPEG, 4:2:0, for renditions that ask for it. Alpha is laid on white.

use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

use crate::failure::Failure;
use crate::picture::Finished;

/// Encodes at `quality`, 1 to 100.
pub(crate) fn encode(picture: &Finished, quality: u8) -> Result<Vec<u8>, Failure> {
    let failed = |error: turbojpeg::Error| {
        Failure::Damaged(format!("the preview could not be written: {error}"))
    };
    let flat;
    let pixels = if picture.alpha {
        flat = on_white(&picture.samples);
        flat.as_slice()
    } else {
        picture.samples.as_slice()
    };
    let width = picture.width as usize;
    let mut compressor = Compressor::new().map_err(failed)?;
    compressor.set_quality(i32::from(quality)).map_err(failed)?;
    compressor.set_subsamp(Subsamp::Sub2x2).map_err(failed)?;
    let image = Image {
        pixels,
        width,
        pitch: width * 3,
        height: picture.height as usize,
        format: PixelFormat::RGB,
    };
    compressor.compress_to_vec(image).map_err(failed)
}

/// Lays RGBA on white.
fn on_white(samples: &[u8]) -> Vec<u8> {
    let (pixels, _) = samples.as_chunks::<4>();
    pixels
        .iter()
        .flat_map(|[r, g, b, alpha]| {
            [r, g, b].map(|sample| {
                let light =
                    u16::from(*sample) * u16::from(*alpha) + 255 * (255 - u16::from(*alpha));
                ((light + 127) / 255) as u8
            })
        })
        .collect()
}
