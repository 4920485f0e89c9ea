//! Photoshop documents ("Adobe Photoshop File Formats Specification"): size, metadata, and the
//! merged picture that Photoshop saves beside the layers for readers like this one.

mod merged;

use media::Limits;

use crate::colour::Colour;
use crate::failure::Failure;
use crate::formats::Opened;
use crate::metadata::iptc::resource;
use crate::metadata::{Carriers, ExifBlock};
use crate::orient::Orientation;
use crate::picture::{Decoded, check_size};

const ICC: u16 = 0x040f;
const EXIF: u16 = 0x0422;
const XMP: u16 = 0x0424;

/// The fixed header and where the sections behind it lie.
struct Document<'a> {
    /// Colour channels and alphas.
    channels: u16,
    size: (u32, u32),
    /// Bits of a sample.
    depth: u16,
    /// Bitmap 0, gray 1, indexed 2, RGB 3, CMYK 4, Lab 9.
    mode: u16,
    /// Colour table of indexed documents.
    palette: &'a [u8],
    resources: &'a [u8],
    /// The last section: compression, then channels one after another.
    merged: &'a [u8],
}

/// Reads a PSD or PSB file.
pub(crate) fn open(input: &[u8], limits: &Limits) -> Opened {
    let Some(document) = Document::read(input) else {
        let message = "the Photoshop document ends within its headers";
        return Opened::failed(Failure::Damaged(message.to_owned()));
    };
    let part = |number| resource(document.resources, number).map(<[u8]>::to_vec);
    let carriers = Carriers {
        exif: part(EXIF).map(ExifBlock::Whole).into_iter().collect(),
        xmp: part(XMP).into_iter().collect(),
        iptc: Some(document.resources.to_vec()),
        icc: part(ICC),
        size: Some(document.size),
        // Photoshop applies orientation before it saves pixels.
        turned_by_container: true,
        ..Carriers::default()
    };
    let picture = paint(&document, &carriers, limits);
    Opened { carriers, picture }
}

fn paint(
    document: &Document<'_>,
    carriers: &Carriers,
    limits: &Limits,
) -> Result<Decoded, Failure> {
    check_size(document.size, 8, limits)?;
    Ok(Decoded {
        picture: merged::decode(document)?,
        colour: Colour::from_icc(carriers.icc.clone()),
        orientation: Orientation::UPRIGHT,
        full: document.size,
        frames: None,
        problem: None,
    })
}

impl<'a> Document<'a> {
    fn read(input: &'a [u8]) -> Option<Self> {
        let number = |at: usize| Some(u16::from_be_bytes(*input.get(at..)?.first_chunk()?));
        let edge = |at: usize| Some(u32::from_be_bytes(*input.get(at..)?.first_chunk()?));
        let large = number(4)? == 2;
        let (palette, rest) = section(input.get(26..)?, false)?;
        let (resources, rest) = section(rest, false)?;
        let merged = section(rest, large).map_or(&[][..], |(_, merged)| merged);
        Some(Self {
            channels: number(12)?,
            size: (edge(18)?, edge(14)?),
            depth: number(22)?,
            mode: number(24)?,
            palette,
            resources,
            merged,
        })
    }
}

/// A section with its length before it (eight bytes for layers in PSB), and what follows.
fn section(bytes: &[u8], long: bool) -> Option<(&[u8], &[u8])> {
    let (length, body) = if long {
        let (length, body) = bytes.split_first_chunk()?;
        (usize::try_from(u64::from_be_bytes(*length)).ok()?, body)
    } else {
        let (length, body) = bytes.split_first_chunk()?;
        (u32::from_be_bytes(*length) as usize, body)
    };
    body.split_at_checked(length.min(body.len()))
}

#[cfg(test)]
mod tests;
