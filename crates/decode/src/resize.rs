//! Scaling down: Lanczos with three lobes, in the samples' own encoding.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::failure::Failure;
use crate::picture::{Finished, Layout, Picture, Samples};

/// The size of a picture whose longer edge is brought down to `long_edge`; never larger than it was,
/// never zero.
pub(crate) fn fit((width, height): (u32, u32), long_edge: u32) -> (u32, u32) {
    let longest = width.max(height).max(1);
    if longest <= long_edge {
        return (width, height);
    }
    let scale = |edge: u32| {
        let scaled = (u64::from(edge) * u64::from(long_edge) * 2 + u64::from(longest))
            / (u64::from(longest) * 2);
        u32::try_from(scaled).unwrap_or(long_edge).max(1)
    };
    (scale(width), scale(height))
}

/// Brings the longer edge down to `long_edge`.
pub(crate) fn shrink(picture: Picture, long_edge: u32) -> Result<Picture, Failure> {
    if picture.long_edge() <= long_edge {
        return Ok(picture);
    }
    let from = (picture.width, picture.height);
    let to = fit(from, long_edge);
    let samples = match &picture.samples {
        Samples::Eight(samples) => {
            let kind = match picture.layout {
                Layout::Rgb => PixelType::U8x3,
                Layout::Rgba | Layout::Cmyk => PixelType::U8x4,
            };
            let alpha = picture.layout == Layout::Rgba;
            Samples::Eight(scale(samples, from, to, kind, alpha, FILTER)?)
        }
        Samples::Sixteen(samples) => {
            let kind = match picture.layout {
                Layout::Rgb => PixelType::U16x3,
                Layout::Rgba | Layout::Cmyk => PixelType::U16x4,
            };
            let alpha = picture.layout == Layout::Rgba;
            let bytes = scale(bytemuck::cast_slice(samples), from, to, kind, alpha, FILTER)?;
            Samples::Sixteen(bytemuck::pod_collect_to_vec(&bytes))
        }
    };
    Picture::new(to, picture.layout, samples)
}

/// Brings a finished picture down to exactly `size`, which may change its proportions.
pub(crate) fn to_size(picture: &Finished, size: (u32, u32)) -> Result<Finished, Failure> {
    let from = (picture.width, picture.height);
    if from == size {
        return Ok(picture.clone());
    }
    let kind = if picture.alpha {
        PixelType::U8x4
    } else {
        PixelType::U8x3
    };
    Ok(Finished {
        width: size.0,
        height: size.1,
        alpha: picture.alpha,
        samples: scale(&picture.samples, from, size, kind, picture.alpha, FILTER)?,
    })
}

/// Brings one plane of eight-bit samples to exactly `size` by area, without ringing.
pub(crate) fn plane(
    samples: &[u8],
    from: (u32, u32),
    size: (u32, u32),
) -> Result<Vec<u8>, Failure> {
    scale(samples, from, size, PixelType::U8, false, FilterType::Box)
}

/// Brings the upper left `window` of a plane, which need not end on a whole sample, to `to`.
pub(crate) fn window(
    samples: &[u8],
    from: (u32, u32),
    window: (f64, f64),
    to: (u32, u32),
) -> Result<Vec<u8>, Failure> {
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FILTER))
        .crop(0.0, 0.0, window.0, window.1);
    apply(samples, from, to, PixelType::U8, &options)
}

const FILTER: FilterType = FilterType::Lanczos3;

fn scale(
    samples: &[u8],
    from: (u32, u32),
    to: (u32, u32),
    kind: PixelType,
    alpha: bool,
    filter: FilterType,
) -> Result<Vec<u8>, Failure> {
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter))
        .use_alpha(alpha);
    apply(samples, from, to, kind, &options)
}

fn apply(
    samples: &[u8],
    from: (u32, u32),
    to: (u32, u32),
    kind: PixelType,
    options: &ResizeOptions,
) -> Result<Vec<u8>, Failure> {
    let failed =
        |error: &dyn std::fmt::Display| Failure::Damaged(format!("scaling failed: {error}"));
    let source = ImageRef::new(from.0, from.1, samples, kind).map_err(|error| failed(&error))?;
    let mut target = Image::new(to.0, to.1, kind);
    Resizer::new()
        .resize(&source, &mut target, options)
        .map_err(|error| failed(&error))?;
    Ok(target.into_vec())
}

#[cfg(test)]
mod tests;
