//! The named steps of media work, in order, and what each asks of a child. A step's version goes
//! into the address of what it makes: raise it when its results change, and they are made again.

use domain::{MediaKind, MediaType};

use crate::{Config, PictureFormat, RenditionSpec, Task};

/// One step of processing a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Stable name, in the database and in addresses.
    pub name: &'static str,
    /// Raised when its results change.
    pub version: u32,
}

/// Reads a picture once: typed metadata, `preview` and `thumb`, thumbhash, perceptual hash, colours.
pub const PICTURE: Step = Step {
    name: "picture",
    version: 1,
};

/// Reads a sidecar: what programs wrote beside the file, for a person.
pub const SIDECAR: Step = Step {
    name: "sidecar",
    version: 1,
};

/// Every step a file may have by its type, in the order they run.
pub const ALL: &[Step] = &[PICTURE];

/// The steps a file of this type gets, in order.
pub fn for_type(media_type: MediaType) -> &'static [Step] {
    match media_type.kind() {
        MediaKind::Image => ALL,
        _ => &[],
    }
}

/// The pictures [`PICTURE`] makes, largest first.
///
/// `preview` fills a laptop screen; its format and quality are those of the smallest files at equal
/// similarity. `thumb` is what the grid shows: rows are up to 240 px high, twice that in device
/// pixels on the screens most people have.
pub fn picture_renditions() -> Vec<RenditionSpec> {
    vec![
        RenditionSpec {
            name: "preview".to_owned(),
            long_edge: 1440,
            format: PictureFormat::WebP,
            quality: 80,
        },
        RenditionSpec {
            name: "thumb".to_owned(),
            long_edge: 480,
            format: PictureFormat::WebP,
            quality: 75,
        },
    ]
}

/// What [`PICTURE`] asks of a child for a file of this type.
pub fn picture_task(media_type: MediaType, config: &Config) -> Task {
    Task {
        media_type,
        renditions: picture_renditions(),
        limits: config.limits(),
    }
}

/// What [`SIDECAR`] asks of a child. Whatever lies beside a file is read as XMP: the child says why it is
/// none.
pub fn sidecar_task(config: &Config) -> Task {
    Task {
        media_type: MediaType::Xmp,
        renditions: Vec::new(),
        limits: config.limits(),
    }
}

/// An estimate, in bytes, of the memory `task` takes for an input of `input_size` bytes, for
/// [`Workshop::admit`](crate::Workshop::admit). `dimensions` are those of the header when they are
/// known before decoding; without them they are guessed from the size. Too low a guess costs a
/// second try, too high a guess keeps other jobs waiting.
///
/// A decoder holds the frame in up to four bytes a pixel, and once more while it turns it or
/// converts its colours; an input of up to 64 MiB is held in memory beside it.
pub fn estimate(task: &Task, input_size: u64, dimensions: Option<(u32, u32)>) -> u64 {
    const BYTES_A_PIXEL: u64 = 8;
    /// Photographs are kept in a quarter to one byte a pixel.
    const PIXELS_A_BYTE: u64 = 2;
    /// What allocators and threads set aside before the first pixel.
    const BASE: u64 = 192 << 20;
    let pixels = match dimensions {
        Some((width, height)) => u64::from(width) * u64::from(height),
        None => input_size.saturating_mul(PIXELS_A_BYTE),
    };
    let decoder = pixels
        .saturating_mul(BYTES_A_PIXEL)
        .saturating_add(BASE)
        .min(task.limits.max_memory);
    let input = if input_size <= crate::input::LARGEST_IN_MEMORY {
        input_size
    } else {
        0
    };
    decoder.saturating_add(input)
}

#[cfg(test)]
mod tests;
