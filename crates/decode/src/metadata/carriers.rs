//! The raw pieces in which a file carries metadata, as a format's reader finds them.

use domain::{Camera, LocalTime};

use crate::jpeg::segments::Segments;
use crate::tiff::{Tiff, tag};

/// EXIF in one of its shapes.
#[derive(Debug, Clone)]
pub(crate) enum ExifBlock {
    /// A TIFF structure whose first directory points to the others, as everywhere but in CR3.
    Whole(Vec<u8>),
    /// CR3 keeps each directory in a TIFF structure of its own.
    Apart {
        /// Box `CMT1`: the first directory.
        main: Vec<u8>,
        /// Box `CMT2`: the EXIF directory.
        exif: Vec<u8>,
        /// Box `CMT4`: the GPS directory.
        gps: Vec<u8>,
    },
}

/// Facts a format states outright, in none of the usual carriers.
#[derive(Debug, Default)]
pub(crate) struct Stated {
    pub(crate) captured: Option<LocalTime>,
    pub(crate) camera: Camera,
    pub(crate) orientation: Option<u8>,
}

/// Everything found in one file.
#[derive(Debug, Default)]
pub(crate) struct Carriers {
    /// EXIF, the most trusted first.
    pub(crate) exif: Vec<ExifBlock>,
    /// XMP packets, the main one first.
    pub(crate) xmp: Vec<Vec<u8>>,
    /// Photoshop image resources, or IPTC records alone.
    pub(crate) iptc: Option<Vec<u8>>,
    /// What the format itself states.
    pub(crate) stated: Stated,
    /// Embedded colour profile.
    pub(crate) icc: Option<Vec<u8>>,
    /// Size of the stored picture where a header tells it.
    pub(crate) size: Option<(u32, u32)>,
    /// Frames or pages, when more than one.
    pub(crate) frames: Option<u32>,
    /// Whether the container turns its picture itself, so that EXIF's orientation must not.
    pub(crate) turned_by_container: bool,
}

impl Carriers {
    /// Of a JPEG's segments.
    pub(crate) fn of_jpeg(segments: &Segments<'_>) -> Self {
        let exif = segments.exif.map(|tiff| ExifBlock::Whole(tiff.to_vec()));
        let xmp = segments.xmp.map(<[u8]>::to_vec).into_iter();
        Self {
            exif: exif.into_iter().collect(),
            xmp: xmp.chain(segments.extended_xmp()).collect(),
            iptc: segments.photoshop(),
            icc: segments.icc(),
            size: segments.size,
            ..Self::default()
        }
    }

    /// Of a file that is a TIFF structure itself.
    pub(crate) fn of_tiff(tiff: &Tiff<'_>) -> Self {
        let first = tiff.first().unwrap_or_default();
        let bytes = |tag| first.find(tag).map(|entry| entry.bytes().to_vec());
        Self {
            exif: vec![ExifBlock::Whole(tiff.bytes().to_vec())],
            xmp: bytes(tag::XMP).into_iter().collect(),
            iptc: bytes(tag::IPTC).or_else(|| bytes(tag::PHOTOSHOP)),
            icc: bytes(tag::ICC),
            ..Self::default()
        }
    }
}
