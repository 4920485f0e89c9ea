//! Perceptual hash: 64 bits that stay nearly the same when a picture is re-encoded or scaled.
//!
//! Luma at 32 × 32, its DCT, and for each of the 8 × 8 lowest frequencies but the constant whether
//! it lies above their median (after Zauner, "Implementation and Benchmarking of Perceptual Image
//! Hash Functions", 2010). Two pictures are alike when few bits differ.

use std::f32::consts::PI;

use crate::failure::Failure;
use crate::picture::Finished;
use crate::resize;

const SIZE: usize = 32;
const KEPT: usize = 8;

/// The hash as 16 hexadecimal digits, most significant bit first, rows of frequencies in order.
pub(crate) fn of(picture: &Finished) -> Result<String, Failure> {
    let luma = luma(picture);
    let side = SIZE as u32;
    let small = resize::plane(&luma, (picture.width, picture.height), (side, side))?;
    let low = lowest_frequencies(&small);
    let mut sorted = low;
    sorted[1..].sort_by(f32::total_cmp);
    let median = sorted[1 + (sorted.len() - 1) / 2];
    let bits = low
        .iter()
        .fold(0_u64, |bits, value| bits << 1 | u64::from(*value > median));
    Ok(format!("{bits:016x}"))
}

/// BT.601 luma, what is seen through laid on white.
fn luma(picture: &Finished) -> Vec<u8> {
    picture
        .samples
        .chunks_exact(picture.channels())
        .map(|pixel| {
            let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(u32::from);
            let luma = (r * 77 + g * 150 + b * 29) >> 8;
            let alpha = pixel.get(3).map_or(255, |alpha| u32::from(*alpha));
            ((luma * alpha + 255 * (255 - alpha)) / 255) as u8
        })
        .collect()
}

/// The upper left corner of the DCT-II.
fn lowest_frequencies(samples: &[u8]) -> [f32; KEPT * KEPT] {
    let mut cosines = [[0.0_f32; SIZE]; KEPT];
    for (frequency, row) in cosines.iter_mut().enumerate() {
        for (at, cosine) in row.iter_mut().enumerate() {
            *cosine = (PI / SIZE as f32 * (at as f32 + 0.5) * frequency as f32).cos();
        }
    }
    let mut across = [[0.0_f32; KEPT]; SIZE];
    for (row, out) in samples.chunks_exact(SIZE).zip(&mut across) {
        for (sum, cosines) in out.iter_mut().zip(&cosines) {
            *sum = row
                .iter()
                .zip(cosines)
                .map(|(sample, cosine)| f32::from(*sample) * cosine)
                .sum();
        }
    }
    let mut low = [0.0; KEPT * KEPT];
    for (down, cosines) in cosines.iter().enumerate() {
        for right in 0..KEPT {
            low[down * KEPT + right] = across
                .iter()
                .zip(cosines)
                .map(|(row, cosine)| row[right] * cosine)
                .sum();
        }
    }
    low
}

#[cfg(test)]
mod tests;
