//! What a file says about itself, from all the places it may say it, each fact with its source.

mod exif;

use domain::Facts;

use crate::jpeg::segments::Segments;
use crate::orient::Orientation;
use crate::picture::Decoded;

/// The raw pieces in which a file carries metadata.
#[derive(Debug, Default)]
pub(crate) struct Carriers {
    /// TIFF structures that hold EXIF, most trusted first.
    pub(crate) exif: Vec<Vec<u8>>,
    /// XMP packets, the main one first.
    pub(crate) xmp: Vec<Vec<u8>>,
    /// Photoshop image resources or a bare IPTC record stream.
    pub(crate) iptc: Option<Vec<u8>>,
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
        Self {
            exif: segments.exif.map(<[u8]>::to_vec).into_iter().collect(),
            xmp: segments
                .xmp
                .map(<[u8]>::to_vec)
                .into_iter()
                .chain(segments.extended_xmp())
                .collect(),
            iptc: segments.photoshop(),
            icc: segments.icc(),
            size: segments.size,
            ..Self::default()
        }
    }
}

/// What was understood of the carriers.
pub(crate) struct Metadata {
    pub(crate) facts: Facts,
    orientation: Orientation,
}

/// Reads every carrier.
pub(crate) fn read(carriers: &Carriers) -> Metadata {
    let mut facts = Facts::default();
    for tiff in &carriers.exif {
        exif::read(tiff, &mut facts);
    }
    facts.frames = carriers.frames;
    facts.color_profile = carriers
        .icc
        .as_deref()
        .and_then(crate::colour::profile_name);
    let orientation = if carriers.turned_by_container {
        Orientation::UPRIGHT
    } else {
        Orientation::from_tag(facts.orientation.unwrap_or(1))
    };
    if let Some(size) = carriers.size.filter(|size| size.0 > 0 && size.1 > 0) {
        let (width, height) = orientation.displayed(size);
        facts.width = Some(width);
        facts.height = Some(height);
    }
    Metadata { facts, orientation }
}

impl Metadata {
    /// Tells the pixels what the metadata knows about them, and the facts what the pixels know.
    pub(crate) fn describe(&mut self, decoded: &mut Decoded) {
        if decoded.orientation == Orientation::UPRIGHT {
            decoded.orientation = self.orientation;
        }
        let (width, height) = decoded.orientation.displayed(decoded.full);
        self.facts.width = Some(width);
        self.facts.height = Some(height);
        self.facts.frames = self.facts.frames.or(decoded.frames);
    }
}
