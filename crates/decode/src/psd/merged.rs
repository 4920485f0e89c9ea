//! The merged picture: planes of samples, plain or in PackBits rows.

use super::Document;
use crate::failure::Failure;
use crate::picture::{Layout, Picture, Samples};

const GRAY: u16 = 1;
const INDEXED: u16 = 2;
const RGB: u16 = 3;
const CMYK: u16 = 4;

/// Decodes the merged picture of a document with eight bits a sample.
pub(super) fn decode(document: &Document<'_>) -> Result<Picture, Failure> {
    let unsupported = |what: String| {
        Err(Failure::Unsupported(format!(
            "Photoshop documents with {what} cannot be shown yet"
        )))
    };
    if document.depth != 8 {
        return unsupported(format!("{} bits a sample", document.depth));
    }
    let (planes, layout) = match document.mode {
        GRAY | INDEXED => (1, Layout::Rgb),
        RGB => (3, Layout::Rgb),
        CMYK => (4, Layout::Cmyk),
        other => return unsupported(format!("colour mode {other}")),
    };
    if usize::from(document.channels) < planes {
        return Err(Failure::Damaged(
            "the Photoshop document lacks channels".to_owned(),
        ));
    }
    let planar = planar(document, planes)?;
    let area = planar.len() / planes;
    if document.mode == INDEXED {
        return indexed(document, &planar);
    }
    let samples = (0..area)
        .flat_map(|at| (0..layout.channels()).map(move |channel| (at, channel)))
        .map(|(at, channel)| planar[channel.min(planes - 1) * area + at])
        .collect();
    Picture::new(document.size, layout, Samples::Eight(samples))
}

/// Looks colours up; the table has 256 reds, then greens, then blues.
fn indexed(document: &Document<'_>, planar: &[u8]) -> Result<Picture, Failure> {
    let table: &[u8; 768] = document
        .palette
        .first_chunk()
        .ok_or_else(|| Failure::Damaged("the Photoshop document lacks its colours".to_owned()))?;
    let samples = planar
        .iter()
        .flat_map(|index| [0, 256, 512].map(|channel| table[channel + usize::from(*index)]))
        .collect();
    Picture::new(document.size, Layout::Rgb, Samples::Eight(samples))
}

/// The first `planes` channels, one behind the other.
fn planar(document: &Document<'_>, planes: usize) -> Result<Vec<u8>, Failure> {
    let damaged =
        || Failure::Damaged("the merged picture of the Photoshop document is cut off".to_owned());
    let (width, height) = (document.size.0 as usize, document.size.1 as usize);
    let (compression, body) = document.merged.split_first_chunk().ok_or_else(damaged)?;
    let wanted = width * height * planes;
    match u16::from_be_bytes(*compression) {
        0 => body.get(..wanted).map(<[u8]>::to_vec).ok_or_else(damaged),
        1 => {
            // Two bytes of length for every row of every channel, then the rows.
            let lengths = height * usize::from(document.channels) * 2;
            let mut rest = body.get(lengths..).ok_or_else(damaged)?;
            let (lengths, _) = body[..lengths].as_chunks::<2>();
            let mut planar = Vec::with_capacity(wanted);
            for length in lengths.iter().take(height * planes) {
                let length = usize::from(u16::from_be_bytes(*length));
                let (row, behind) = rest.split_at_checked(length).ok_or_else(damaged)?;
                unpack(row, width, &mut planar).ok_or_else(damaged)?;
                rest = behind;
            }
            Ok(planar)
        }
        other => Err(Failure::Unsupported(format!(
            "Photoshop documents with compression {other} cannot be shown yet"
        ))),
    }
}

/// One PackBits row (TIFF 6.0 section 9) of exactly `width` bytes.
fn unpack(mut row: &[u8], width: usize, out: &mut Vec<u8>) -> Option<()> {
    let end = out.len() + width;
    while out.len() < end {
        let (&header, rest) = row.split_first()?;
        let room = end - out.len();
        match header.cast_signed() {
            -128 => row = rest,
            count if count >= 0 => {
                let (run, behind) = rest.split_at_checked(count as usize + 1)?;
                out.extend_from_slice(&run[..run.len().min(room)]);
                row = behind;
            }
            count => {
                let (&value, behind) = rest.split_first()?;
                let run = usize::from(count.unsigned_abs()) + 1;
                out.extend(std::iter::repeat_n(value, run.min(room)));
                row = behind;
            }
        }
    }
    Some(())
}
