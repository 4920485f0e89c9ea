//! Which decoder reads which type, and what every type tells about itself besides pixels.

use domain::MediaType;
use media::Limits;

use crate::failure::Failure;
use crate::jpeg::{self, segments::Segments};
use crate::metadata::Carriers;
use crate::picture::Decoded;

/// What a file holds before its pixels are touched.
pub(crate) struct Opened {
    /// Where metadata lies.
    pub(crate) carriers: Carriers,
    /// The picture, decoded for the wanted size; or why there is none.
    pub(crate) picture: Result<Decoded, Failure>,
}

/// Reads a file of a known type for a picture of `long_edge` pixels.
pub(crate) fn open(kind: MediaType, input: &[u8], long_edge: u32, limits: &Limits) -> Opened {
    match kind {
        MediaType::Jpeg => {
            let segments = Segments::read(input);
            Opened {
                picture: jpeg::decode(input, &segments, long_edge, limits),
                carriers: Carriers::of_jpeg(&segments),
            }
        }
        _ => Opened {
            carriers: Carriers::default(),
            picture: Err(Failure::Unsupported(format!(
                "{kind} is kept as it is; no picture can be made of it yet"
            ))),
        },
    }
}
