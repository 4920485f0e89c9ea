//! From decoded pixels to finished renditions and hashes: shrink, colour, turn, encode.

use std::fs::File;
use std::io::Write;

use domain::Facts;
use media::{PictureFormat, RenditionMade, RenditionSpec, Task};

use crate::colour;
use crate::failure::Failure;
use crate::orient::upright;
use crate::picture::{Decoded, Finished, Layout};
use crate::{jpeg_out, palette, phash, resize, thumbhash, webp};

/// The picture hashes are made from when no rendition is asked for.
const SMALLEST_LONG_EDGE: u32 = 250;

/// The longer edge a decoder should aim for.
pub(crate) fn wanted_long_edge(task: &Task) -> u32 {
    let largest = task.renditions.iter().map(|spec| spec.long_edge).max();
    largest.unwrap_or(SMALLEST_LONG_EDGE).max(1)
}

/// Makes every rendition of `task` and writes it to its output; adds hashes and colours to `facts`.
pub(crate) fn render(
    decoded: Decoded,
    task: &Task,
    outputs: &mut [File],
    facts: &mut Facts,
) -> Result<Vec<RenditionMade>, Failure> {
    let mut picture = finish(decoded, wanted_long_edge(task))?;
    let mut made = Vec::with_capacity(task.renditions.len());
    for (spec, output) in task.renditions.iter().zip(outputs) {
        let size = resize::fit((picture.width, picture.height), spec.long_edge.max(1));
        if size != (picture.width, picture.height) {
            picture = resize::to_size(&picture, size)?;
        }
        made.push(write(&picture, spec, output, task.limits.max_output)?);
    }
    facts.thumbhash = Some(thumbhash::of(&picture)?);
    facts.phash = Some(phash::of(&picture)?);
    facts.colors = palette::of(&picture)?;
    Ok(made)
}

/// Brings a decoder's pixels to the largest size wanted, to sRGB and upright.
fn finish(decoded: Decoded, long_edge: u32) -> Result<Finished, Failure> {
    let small = resize::shrink(decoded.picture, long_edge)?;
    let stored = (small.width, small.height);
    let (samples, layout) = colour::to_srgb(small, &decoded.colour)?;
    let samples = upright(samples, stored, layout.channels(), decoded.orientation);
    let (width, height) = decoded.orientation.displayed(stored);
    let mut picture = Finished {
        width,
        height,
        alpha: layout == Layout::Rgba,
        samples,
    };
    drop_idle_alpha(&mut picture);
    Ok(picture)
}

/// An alpha channel that hides nothing costs time and bytes from here on.
fn drop_idle_alpha(picture: &mut Finished) {
    if !picture.alpha {
        return;
    }
    let (pixels, _) = picture.samples.as_chunks::<4>();
    if pixels.iter().all(|pixel| pixel[3] == 255) {
        picture.samples = pixels
            .iter()
            .flat_map(|[r, g, b, _]| [*r, *g, *b])
            .collect();
        picture.alpha = false;
    }
}

fn write(
    picture: &Finished,
    spec: &RenditionSpec,
    output: &mut File,
    max_output: u64,
) -> Result<RenditionMade, Failure> {
    let quality = spec.quality.clamp(1, 100);
    let bytes = match spec.format {
        PictureFormat::WebP => webp::encode(picture, quality)?,
        PictureFormat::Jpeg => jpeg_out::encode(picture, quality)?,
    };
    let size = bytes.len() as u64;
    if size > max_output {
        return Err(Failure::TooLarge(format!(
            "the {} would take {size} bytes, more than the {max_output} allowed",
            spec.name
        )));
    }
    output.write_all(&bytes).map_err(|error| {
        Failure::Unavailable(format!("the {} could not be written: {error}", spec.name))
    })?;
    Ok(RenditionMade {
        name: spec.name.clone(),
        width: picture.width,
        height: picture.height,
        format: spec.format,
        size,
    })
}
