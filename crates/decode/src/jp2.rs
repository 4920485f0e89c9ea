//! JPEG 2000 (ISO/IEC 15444-1): its size and metadata; pictures are not decoded yet.

use crate::bmff;
use crate::failure::Failure;
use crate::formats::Opened;
use crate::metadata::{Carriers, ExifBlock};

/// User type of a box that holds EXIF ("JpgTiffExif->JP2").
const EXIF_UUID: [u8; 16] = *b"JpgTiffExif->JP2";

/// Reads a JP2 file or a bare codestream.
pub(crate) fn open(input: &[u8]) -> Opened {
    let carriers = Carriers {
        size: from_header_box(input).or_else(|| from_codestream(input)),
        xmp: bmff::find_uuid(input, &bmff::XMP_UUID)
            .map(<[u8]>::to_vec)
            .into_iter()
            .collect(),
        exif: bmff::find_uuid(input, &EXIF_UUID)
            .map(|tiff| ExifBlock::Whole(tiff.to_vec()))
            .into_iter()
            .collect(),
        ..Carriers::default()
    };
    let message = "JPEG 2000 pictures cannot be shown yet; the file is kept as it is";
    Opened {
        carriers,
        picture: Err(Failure::Unsupported(message.to_owned())),
    }
}

/// Image header box (annex I.5.3.1): height, then width.
fn from_header_box(input: &[u8]) -> Option<(u32, u32)> {
    let header = bmff::find(bmff::find(input, b"jp2h")?, b"ihdr")?;
    let height = u32::from_be_bytes(*header.first_chunk()?);
    let width = u32::from_be_bytes(*header.get(4..)?.first_chunk()?);
    Some((width, height))
}

/// SIZ segment (annex A.5.1): reference grid and the image's offset in it.
fn from_codestream(input: &[u8]) -> Option<(u32, u32)> {
    let segment = input.strip_prefix(b"\xff\x4f\xff\x51")?;
    let number = |at: usize| Some(u32::from_be_bytes(*segment.get(at..)?.first_chunk()?));
    let width = number(4)?.checked_sub(number(12)?)?;
    let height = number(8)?.checked_sub(number(16)?)?;
    Some((width, height))
}
