//! The usual JPEG, luma and two planes of chroma: each plane is scaled on its own and only the small
//! result becomes RGB. Against scaling RGB this halves the memory, because chroma is mostly stored
//! at half the size, and saves a third of the samples.

use turbojpeg::{Decompressor, ScalingFactor, Subsamp, YuvImage, yuv_pixels_len};

use super::UNPAINTED;
use crate::failure::Failure;
use crate::picture::{Layout, Picture, Samples};
use crate::resize;

/// Geometry of the decoded planes, which lie one behind the other, rows without padding.
struct Planes {
    /// The picture at the decoder's scale.
    size: (usize, usize),
    /// Luma samples for one of chroma, across and down; gray has no chroma.
    subsamp: Subsamp,
}

/// Decodes at `factor` and scales to a longer edge of `long_edge`; also what was wrong with the file
/// if something was.
pub(super) fn decode(
    decoder: &mut Decompressor,
    input: &[u8],
    full: (usize, usize),
    (factor, subsamp): (ScalingFactor, Subsamp),
    long_edge: u32,
) -> Result<(Picture, Option<String>), Failure> {
    let failed = |error: turbojpeg::Error| Failure::damaged("JPEG", error);
    let planes = Planes {
        size: (factor.scale(full.0), factor.scale(full.1)),
        subsamp,
    };
    let (width, height) = planes.size;
    let length = yuv_pixels_len(width, 1, height, subsamp).map_err(failed)?;
    if length != planes.luma_len() + 2 * planes.chroma_len() {
        return Err(Failure::Damaged(
            "the JPEG has planes of odd sizes".to_owned(),
        ));
    }
    let mut pixels = vec![UNPAINTED; length];
    let image = YuvImage {
        pixels: pixels.as_mut_slice(),
        width,
        align: 1,
        height,
        subsamp,
    };
    // The library reports warnings as errors, but paints what it can read.
    let damage = match decoder.decompress_to_yuv(input, image) {
        Ok(()) => None,
        Err(error) if pixels.iter().any(|sample| *sample != UNPAINTED) => Some(error.to_string()),
        Err(error) => return Err(failed(error)),
    };
    let to = resize::fit((width as u32, height as u32), long_edge);
    Ok((planes.scale_and_join(pixels, to)?, damage))
}

impl Planes {
    /// Rows and columns are padded to whole samples of chroma.
    fn padded(&self) -> (usize, usize) {
        let (across, down) = self.subsamp.size();
        (
            self.size.0.next_multiple_of(across),
            self.size.1.next_multiple_of(down),
        )
    }

    fn luma_len(&self) -> usize {
        self.padded().0 * self.padded().1
    }

    fn chroma_len(&self) -> usize {
        let (across, down) = self.subsamp.size();
        match self.subsamp {
            Subsamp::Gray => 0,
            _ => self.luma_len() / across / down,
        }
    }

    fn scale_and_join(&self, mut pixels: Vec<u8>, to: (u32, u32)) -> Result<Picture, Failure> {
        let (width, height) = self.padded();
        let (across, down) = self.subsamp.size();
        let seen = (self.size.0 as f64, self.size.1 as f64);
        let scale = |samples: &[u8], across: usize, down: usize| {
            let stored = ((width / across) as u32, (height / down) as u32);
            let window = (seen.0 / across as f64, seen.1 / down as f64);
            resize::window(samples, stored, window, to)
        };
        let chroma = pixels.split_off(self.luma_len());
        let luma = scale(&pixels, 1, 1)?;
        drop(pixels);
        let rgb = if chroma.is_empty() {
            luma.iter().flat_map(|y| [*y; 3]).collect()
        } else {
            let (blue, red) = chroma.split_at(self.chroma_len());
            let blue = scale(blue, across, down)?;
            let red = scale(red, across, down)?;
            drop(chroma);
            join(&luma, &blue, &red)
        };
        Picture::new(to, Layout::Rgb, Samples::Eight(rgb))
    }
}

/// Full-range BT.601 (JFIF 1.02, ITU-T T.871 §7) in 16-bit fixed point.
fn join(luma: &[u8], blue: &[u8], red: &[u8]) -> Vec<u8> {
    const ONE: f32 = 65536.0;
    const RED: i32 = (1.402 * ONE) as i32;
    const GREEN_BLUE: i32 = (0.344_136_3 * ONE) as i32;
    const GREEN_RED: i32 = (0.714_136_3 * ONE) as i32;
    const BLUE: i32 = (1.772 * ONE) as i32;
    let mut rgb = vec![0; luma.len() * 3];
    let (pixels, _) = rgb.as_chunks_mut::<3>();
    for (((pixel, y), cb), cr) in pixels.iter_mut().zip(luma).zip(blue).zip(red) {
        let y = (i32::from(*y) << 16) + (1 << 15);
        let (cb, cr) = (i32::from(*cb) - 128, i32::from(*cr) - 128);
        let sample = |value: i32| (value >> 16).clamp(0, 255) as u8;
        *pixel = [
            sample(y + RED * cr),
            sample(y - GREEN_BLUE * cb - GREEN_RED * cr),
            sample(y + BLUE * cb),
        ];
    }
    rgb
}
