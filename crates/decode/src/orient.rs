//! Turning pixels upright: the eight orientations of EXIF 2.32, tag 0x0112.

/// How stored rows and columns relate to what is seen. 1 is upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Orientation(u8);

impl Orientation {
    pub(crate) const UPRIGHT: Self = Self(1);

    /// The orientation of a tag's value; anything but 1 to 8 means upright.
    pub(crate) const fn from_tag(value: u8) -> Self {
        match value {
            1..=8 => Self(value),
            _ => Self::UPRIGHT,
        }
    }

    /// The size as displayed of a picture stored in this orientation.
    pub(crate) const fn displayed(self, (width, height): (u32, u32)) -> (u32, u32) {
        if self.swaps_axes() {
            (height, width)
        } else {
            (width, height)
        }
    }

    const fn swaps_axes(self) -> bool {
        self.0 >= 5
    }
}

/// Turns interleaved samples upright. `width` and `height` are those of the stored picture.
pub(crate) fn upright(
    samples: Vec<u8>,
    (width, height): (u32, u32),
    channels: usize,
    orientation: Orientation,
) -> Vec<u8> {
    match channels {
        3 => turn::<3>(samples, width as usize, height as usize, orientation),
        _ => turn::<4>(samples, width as usize, height as usize, orientation),
    }
}

fn turn<const N: usize>(
    samples: Vec<u8>,
    width: usize,
    height: usize,
    orientation: Orientation,
) -> Vec<u8> {
    let (pixels, _) = samples.as_chunks::<N>();
    let mut turned = Vec::with_capacity(samples.len());
    let rows = || pixels.chunks_exact(width.max(1));
    let column = |x: usize| {
        let from = &pixels[x.min(pixels.len())..];
        from.iter().step_by(width.max(1)).take(height)
    };
    match orientation.0 {
        2 => rows().for_each(|stored| lay(&mut turned, stored.iter().rev())),
        3 => lay(&mut turned, pixels.iter().rev()),
        4 => rows()
            .rev()
            .for_each(|stored| lay(&mut turned, stored.iter())),
        5 => (0..width).for_each(|x| lay(&mut turned, column(x))),
        6 => (0..width).for_each(|x| lay(&mut turned, column(x).rev())),
        7 => (0..width)
            .rev()
            .for_each(|x| lay(&mut turned, column(x).rev())),
        8 => (0..width).rev().for_each(|x| lay(&mut turned, column(x))),
        _ => return samples,
    }
    turned
}

fn lay<'a, const N: usize>(turned: &mut Vec<u8>, pixels: impl Iterator<Item = &'a [u8; N]>) {
    for pixel in pixels {
        turned.extend_from_slice(pixel);
    }
}

#[cfg(test)]
mod tests;
