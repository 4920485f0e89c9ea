//! Which reader reads which type.

use domain::MediaType;
use media::Limits;

use crate::failure::Failure;
use crate::jpeg::{self, segments::Segments};
use crate::metadata::Carriers;
use crate::picture::Decoded;
use crate::{embedded, heif, jp2, jxl, psd, raster, raw, svg};

/// What a file holds.
pub(crate) struct Opened {
    /// Where metadata lies.
    pub(crate) carriers: Carriers,
    /// The picture, decoded for the wanted size; or why there is none.
    pub(crate) picture: Result<Decoded, Failure>,
}

impl Opened {
    /// A file of which nothing could be learnt.
    pub(crate) fn failed(failure: Failure) -> Self {
        Self {
            carriers: Carriers::default(),
            picture: Err(failure),
        }
    }
}

/// Reads a file of a known type for a picture of `long_edge` pixels.
pub(crate) fn open(kind: MediaType, input: &[u8], long_edge: u32, limits: &Limits) -> Opened {
    let mut opened = match kind {
        MediaType::Jpeg => {
            let segments = Segments::read(input);
            Opened {
                picture: jpeg::decode(input, &segments, long_edge, limits),
                carriers: Carriers::of_jpeg(&segments),
            }
        }
        MediaType::Png | MediaType::Gif | MediaType::WebP | MediaType::Tiff | MediaType::Bmp => {
            raster::open(kind, input, limits)
        }
        MediaType::Heic | MediaType::Heif | MediaType::Avif => heif::open(input, limits),
        MediaType::Jxl => jxl::open(input, limits),
        MediaType::Svg => svg::open(input, long_edge),
        MediaType::Psd => psd::open(input, limits),
        MediaType::Jp2 => jp2::open(input),
        kind if kind.is_raw() => raw::open(kind, input, long_edge, limits),
        _ => Opened::failed(Failure::Unsupported(format!(
            "no picture can be made of {kind} yet; the file is kept as it is"
        ))),
    };
    if let Err(Failure::Damaged(reason)) = &opened.picture {
        // Cameras put a small picture into the metadata; better that than none.
        if let Some(mut found) = embedded::largest(input, 2, long_edge, limits) {
            found.decoded.problem = Some(Failure::Damaged(format!(
                "{reason}; the small picture inside it is shown"
            )));
            opened.picture = Ok(found.decoded);
        }
    }
    opened
}
