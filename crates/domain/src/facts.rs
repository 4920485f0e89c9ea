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
