//! The colours a picture is made of.
//!
//! Pixels of a small copy are counted in 16 levels a channel; the fullest cells give their average
//! colours, skipping those an eye would take for one already named.

use crate::failure::Failure;
use crate::picture::Finished;
use crate::resize;

/// Colours named at most.
const COLORS: usize = 5;
/// A colour must cover this share of the picture.
const MIN_SHARE: usize = 50;
/// Sum of squared differences below which two colours count as one.
const ALIKE: i32 = 48 * 48;
const LONG_EDGE: u32 = 64;

/// Dominant colours as `#rrggbb`, most frequent first. What is mostly transparent does not count.
pub(crate) fn of(picture: &Finished) -> Result<Vec<String>, Failure> {
    let size = resize::fit((picture.width, picture.height), LONG_EDGE);
    let small = resize::to_size(picture, size)?;
    let mut cells = vec![Cell::default(); 1 << 12];
    let mut seen = 0;
    for pixel in small.samples.chunks_exact(small.channels()) {
        if pixel.get(3).is_none_or(|alpha| *alpha >= 128) {
            let level = |sample: u8| usize::from(sample >> 4);
            let at = level(pixel[0]) << 8 | level(pixel[1]) << 4 | level(pixel[2]);
            cells[at].add(pixel);
            seen += 1;
        }
    }
    cells.retain(|cell| cell.count > 0);
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.count));
    let mut named: Vec<Cell> = Vec::new();
    for cell in cells {
        if let Some(near) = named.iter_mut().find(|other| other.distance(&cell) < ALIKE) {
            near.count += cell.count;
        } else if named.len() < COLORS * 4 {
            named.push(cell);
        }
    }
    named.sort_by_key(|cell| std::cmp::Reverse(cell.count));
    Ok(named
        .iter()
        .filter(|cell| cell.count * MIN_SHARE >= seen)
        .take(COLORS)
        .map(Cell::name)
        .collect())
}

/// Pixels counted together.
#[derive(Clone, Default)]
struct Cell {
    count: usize,
    /// Pixels whose colour was summed; later ones join without changing the colour.
    summed: i32,
    sums: [i32; 3],
}

impl Cell {
    fn add(&mut self, pixel: &[u8]) {
        self.count += 1;
        self.summed += 1;
        for (sum, sample) in self.sums.iter_mut().zip(pixel) {
            *sum += i32::from(*sample);
        }
    }

    fn mean(&self) -> [i32; 3] {
        self.sums.map(|sum| sum / self.summed.max(1))
    }

    fn distance(&self, other: &Self) -> i32 {
        let (a, b) = (self.mean(), other.mean());
        a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
    }

    fn name(&self) -> String {
        let [r, g, b] = self.mean();
        format!("#{r:02x}{g:02x}{b:02x}")
    }
}

#[cfg(test)]
mod tests;
