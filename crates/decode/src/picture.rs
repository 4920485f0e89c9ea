//! Pixels on their way from a decoder to the encoders.

use media::Limits;

use crate::colour::Colour;
use crate::failure::Failure;
use crate::orient::Orientation;

/// What the samples of a pixel mean, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, opacity; not premultiplied.
    Rgba,
    /// Cyan, magenta, yellow, black as *absence* of ink: the largest value is white paper. This is
    /// how Adobe writes CMYK JPEGs.
    Cmyk,
}

impl Layout {
    /// Samples of one pixel.
    pub(crate) const fn channels(self) -> usize {
        match self {
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }
}

/// Samples in rows from the top, without padding.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Samples {
    /// 0 to 255.
    Eight(Vec<u8>),
    /// 0 to 65535.
    Sixteen(Vec<u16>),
}

impl Samples {
    fn len(&self) -> usize {
        match self {
            Self::Eight(samples) => samples.len(),
            Self::Sixteen(samples) => samples.len(),
        }
    }
}

/// A rectangle of pixels.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picture {
    /// Pixels across, at least one.
    pub(crate) width: u32,
    /// Pixels down, at least one.
    pub(crate) height: u32,
    pub(crate) layout: Layout,
    pub(crate) samples: Samples,
}

impl Picture {
    /// A picture whose samples are exactly as many as its size says.
    pub(crate) fn new(
        (width, height): (u32, u32),
        layout: Layout,
        samples: Samples,
    ) -> Result<Self, Failure> {
        let wanted = width as usize * height as usize * layout.channels();
        if width == 0 || height == 0 || samples.len() != wanted {
            return Err(Failure::Damaged(format!(
                "a decoder gave {} samples for {width} × {height} pixels",
                samples.len()
            )));
        }
        Ok(Self {
            width,
            height,
            layout,
            samples,
        })
    }

    /// The longer edge in pixels.
    pub(crate) fn long_edge(&self) -> u32 {
        self.width.max(self.height)
    }
}

/// A picture for eyes: upright sRGB, eight bits a sample, the end of every decoder's path.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finished {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Whether there is a fourth sample, opacity.
    pub(crate) alpha: bool,
    pub(crate) samples: Vec<u8>,
}

impl Finished {
    /// Samples of one pixel.
    pub(crate) const fn channels(&self) -> usize {
        if self.alpha { 4 } else { 3 }
    }
}

/// What a decoder gives.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// The pixels as stored, perhaps already scaled down by the decoder.
    pub(crate) picture: Picture,
    /// What the samples mean.
    pub(crate) colour: Colour,
    /// How the stored pixels must be turned; upright when the decoder has turned them already.
    pub(crate) orientation: Orientation,
    /// Size of the stored picture at full scale.
    pub(crate) full: (u32, u32),
    /// Frames or pages, when more than one.
    pub(crate) frames: Option<u32>,
    /// What is wrong, though there is a picture.
    pub(crate) problem: Option<Failure>,
}

/// Refuses a size before anything is allocated for it. `bytes_per_pixel` is what decoding needs at
/// its peak; a quarter of the memory is left to everything else.
pub(crate) fn check_size(
    (width, height): (u32, u32),
    bytes_per_pixel: u64,
    limits: &Limits,
) -> Result<(), Failure> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(Failure::Damaged("the picture has no pixels".to_owned()));
    }
    let needed = pixels.saturating_mul(bytes_per_pixel);
    if pixels > limits.max_pixels || needed > limits.max_memory / 4 * 3 {
        return Err(Failure::TooLarge(format!(
            "{width} × {height} pixels are more than the limit of {} million",
            limits.max_pixels / 1_000_000
        )));
    }
    Ok(())
}
