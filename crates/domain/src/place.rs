//! A place on Earth.

use serde::{Deserialize, Serialize};

/// WGS 84 position as a source stated it. Only [`Place::new`] makes one, so a place out of range or
/// at exactly 0°, 0° (what broken receivers write) cannot exist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Degrees north, -90 to 90.
    pub lat: f64,
    /// Degrees east, -180 to 180.
    pub lon: f64,
    /// Metres above sea level, when stated.
    pub altitude: Option<f64>,
    /// The tag it came from, such as `exif:GPS`.
    pub source: String,
}

impl Place {
    /// A place, or `None` when the position cannot be real.
    pub fn new(lat: f64, lon: f64, altitude: Option<f64>, source: &str) -> Option<Self> {
        let real = lat.is_finite() && lon.is_finite() && lat.abs() <= 90.0 && lon.abs() <= 180.0;
        let null_island = lat == 0.0 && lon == 0.0;
        (real && !null_island).then(|| Self {
            lat,
            lon,
            altitude: altitude.filter(|metres| metres.is_finite()),
            source: source.to_owned(),
        })
    }

    /// Whether the other place is this one, but for how many digits are told: within a decimetre, and
    /// without an altitude of its own.
    pub fn is_at(&self, other: &Self) -> bool {
        const DEGREES: f64 = 1e-6;
        let level = match (self.altitude, other.altitude) {
            (_, None) => true,
            (Some(own), Some(other)) => (own - other).abs() < 0.1,
            (None, Some(_)) => false,
        };
        level && (self.lat - other.lat).abs() <= DEGREES && (self.lon - other.lon).abs() <= DEGREES
    }
}
