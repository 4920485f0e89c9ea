//! What a file says about itself, from all the places it may say it, each fact with its source.
//!
//! A fact is taken from the most trusted place that has it: EXIF, which cameras write, before XMP,
//! which programs write, before IPTC, which older programs wrote. Words a person wrote go the other
//! way round, because they are edited in XMP and forgotten in EXIF.

mod carriers;
mod exif;
mod gps;
pub(crate) mod iptc;
pub(crate) mod text;
mod when;
mod xmp;

use domain::{Facts, LocalTime};

use crate::failure::Failure;
use crate::orient::Orientation;
use crate::picture::Decoded;
pub(crate) use carriers::{Carriers, ExifBlock};
use exif::Exif;
use iptc::Iptc;
use xmp::Xmp;

/// What was understood of the carriers.
pub(crate) struct Metadata {
    pub(crate) facts: Facts,
    orientation: Orientation,
}

/// Reads every carrier.
pub(crate) fn read(carriers: &Carriers) -> Metadata {
    let exif: Vec<Exif> = carriers.exif.iter().filter_map(exif::read).collect();
    let xmp = xmp::read_all(&carriers.xmp);
    let iptc = carriers.iptc.as_deref().map(iptc::read).unwrap_or_default();
    let mut facts = words(&exif, &xmp, &iptc);
    let stated = &carriers.stated;
    facts.captured = stated
        .captured
        .clone()
        .or_else(|| captured(&exif, &xmp, &iptc));
    facts.place = exif
        .iter()
        .find_map(|exif| exif.place.clone())
        .or_else(|| xmp.place());
    facts.camera = exif
        .iter()
        .map(|exif| exif.camera.clone())
        .chain([xmp.camera()])
        .fold(stated.camera.clone(), exif::fill);
    facts.orientation = stated
        .orientation
        .or_else(|| exif.iter().find_map(|exif| exif.orientation))
        .or_else(|| xmp.orientation());
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

/// Reads a sidecar.
///
/// # Errors
/// It is no XMP, or is not whole.
pub(crate) fn of_sidecar(bytes: &[u8]) -> Result<Facts, Failure> {
    let xmp = xmp::read_whole(bytes)?;
    let none = Iptc::default();
    Ok(Facts {
        captured: xmp.captured(),
        place: xmp.place(),
        camera: xmp.camera(),
        ..words(&[], &xmp, &none)
    })
}

/// When it was taken: the shutter, then the digitiser, then what programs say, and only when there
/// is nothing else the last change of the file.
fn captured(exif: &[Exif], xmp: &Xmp, iptc: &Iptc) -> Option<LocalTime> {
    let of =
        |choose: fn(&Exif) -> &Option<LocalTime>| exif.iter().find_map(|exif| choose(exif).clone());
    of(|exif| &exif.original)
        .or_else(|| of(|exif| &exif.digitized))
        .or_else(|| xmp.captured())
        .or_else(|| iptc.captured.clone())
        .or_else(|| of(|exif| &exif.satellite))
        .or_else(|| of(|exif| &exif.changed))
}

/// What a person wrote: title, description, keywords, rating.
fn words(exif: &[Exif], xmp: &Xmp, iptc: &Iptc) -> Facts {
    let mut keywords = xmp.keywords();
    let more = iptc
        .keywords
        .iter()
        .chain(exif.iter().flat_map(|exif| &exif.keywords));
    for keyword in more {
        if !keywords.contains(keyword) {
            keywords.push(keyword.clone());
        }
    }
    Facts {
        title: xmp
            .title()
            .or_else(|| iptc.title.clone())
            .or_else(|| exif.iter().find_map(|exif| exif.title.clone())),
        description: xmp
            .description()
            .or_else(|| iptc.description.clone())
            .or_else(|| exif.iter().find_map(|exif| exif.description.clone())),
        rating: xmp
            .rating()
            .or_else(|| exif.iter().find_map(|exif| exif.rating)),
        favourite: xmp.favourite(),
        keywords,
        ..Facts::default()
    }
}

impl Metadata {
    /// Tells the pixels what the metadata knows about them, and the facts what the pixels know.
    pub(crate) fn describe(&mut self, decoded: &mut Decoded) {
        decoded.orientation = self.orientation;
        self.facts.frames = self.facts.frames.or(decoded.frames);
        if self.facts.width.is_none() {
            let (width, height) = decoded.orientation.displayed(decoded.full);
            self.facts.width = Some(width);
            self.facts.height = Some(height);
        }
    }
}

#[cfg(test)]
mod tests;
