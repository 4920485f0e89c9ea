//! What the machine read from a file: typed metadata, each fact absent rather than zero.

use serde::{Deserialize, Serialize};

use crate::{LocalTime, Place};

/// Everything known about one content (the bytes under one SHA-256) without asking a person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Pixels across as displayed, orientation applied.
    pub width: Option<u32>,
    /// Pixels down as displayed, orientation applied.
    pub height: Option<u32>,
    /// Orientation as stored: 1 to 8 of EXIF 2.32, tag 0x0112.
    pub orientation: Option<u8>,
    /// When it was taken, by the most trusted source.
    pub captured: Option<LocalTime>,
    /// Where it was taken.
    pub place: Option<Place>,
    /// What it was taken with.
    pub camera: Camera,
    /// Title written into the file.
    pub title: Option<String>,
    /// Caption or description written into the file.
    pub description: Option<String>,
    /// Keywords written into the file (XMP `dc:subject`, IPTC 2:25), without repeats.
    pub keywords: Vec<String>,
    /// Star rating, 0 to 5 (XMP `xmp:Rating`).
    pub rating: Option<u8>,
    /// Marked as a favourite, or expressly not (XMP `fstop:favorite`).
    pub favourite: Option<bool>,
    /// Frames of an animation or pages of a multi-page picture, when more than one.
    pub frames: Option<u32>,
    /// Name of the embedded colour profile.
    pub color_profile: Option<String>,
    /// ThumbHash (Evan Wallace, 2023) of the picture, base64.
    pub thumbhash: Option<String>,
    /// 64-bit DCT perceptual hash, 16 hex digits.
    pub phash: Option<String>,
    /// Dominant colours, most frequent first, as `#rrggbb`.
    pub colors: Vec<String>,
}

/// Camera and exposure.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Camera {
    /// Maker, trimmed.
    pub make: Option<String>,
    /// Model, trimmed.
    pub model: Option<String>,
    /// Lens model.
    pub lens: Option<String>,
    /// Sensitivity, ISO 12232.
    pub iso: Option<u32>,
    /// F-number.
    pub aperture: Option<f64>,
    /// Exposure time in seconds.
    pub exposure: Option<f64>,
    /// Focal length in millimetres, as used and not 35 mm equivalent.
    pub focal_length: Option<f64>,
}

impl Facts {
    /// What holds when a sidecar lies beside the file: programs write there what people changed, so its
    /// words, stars, time and place come before the file's. Where both mean the same moment or place, the
    /// file's stay, because they tell it more exactly.
    #[must_use]
    pub fn with_sidecar(self, sidecar: &Self) -> Self {
        let over = |beside: &Option<String>, own: Option<String>| beside.clone().or(own);
        Self {
            title: over(&sidecar.title, self.title),
            description: over(&sidecar.description, self.description),
            rating: sidecar.rating.or(self.rating),
            favourite: sidecar.favourite.or(self.favourite),
            keywords: match sidecar.keywords.is_empty() {
                true => self.keywords,
                false => sidecar.keywords.clone(),
            },
            captured: corrected(self.captured, sidecar.captured.as_ref(), LocalTime::says),
            place: corrected(self.place, sidecar.place.as_ref(), Place::is_at),
            camera: self.camera.or(&sidecar.camera),
            ..self
        }
    }
}

/// The correction, unless `own` says the same already.
fn corrected<T: Clone>(
    own: Option<T>,
    correction: Option<&T>,
    says: fn(&T, &T) -> bool,
) -> Option<T> {
    match (own, correction) {
        (Some(own), Some(correction)) if says(&own, correction) => Some(own),
        (own, correction) => correction.cloned().or(own),
    }
}

impl Camera {
    /// This camera, with what is not known of it taken from `other`.
    fn or(self, other: &Self) -> Self {
        Self {
            make: self.make.or_else(|| other.make.clone()),
            model: self.model.or_else(|| other.model.clone()),
            lens: self.lens.or_else(|| other.lens.clone()),
            iso: self.iso.or(other.iso),
            aperture: self.aperture.or(other.aperture),
            exposure: self.exposure.or(other.exposure),
            focal_length: self.focal_length.or(other.focal_length),
        }
    }
}

#[cfg(test)]
mod tests;
