//! Parts of the Earth's surface that a query can name.

use std::fmt;
use std::str::FromStr;

/// Largest radius in kilometres: beyond it, degrees of longitude differ too much within the circle
/// for the flat distance that databases compute.
const MAX_RADIUS: f64 = 1000.0;

/// Everything within a distance of a point: `48.2,16.37,10km`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Circle {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Kilometres.
    pub radius: f64,
}

/// A rectangle of latitudes and longitudes: `south,west,north,east`. One whose west lies east of its
/// east crosses the 180th meridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Degrees north of its lower edge.
    pub south: f64,
    /// Degrees east of its left edge.
    pub west: f64,
    /// Degrees north of its upper edge.
    pub north: f64,
    /// Degrees east of its right edge.
    pub east: f64,
}

fn degrees(text: &str, most: f64) -> Option<f64> {
    let number: f64 = text.trim().parse().ok()?;
    (number.is_finite() && number.abs() <= most).then_some(number)
}

impl FromStr for Circle {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let mut parts = text.split(',');
            let (lat, lon, radius) = (parts.next()?, parts.next()?, parts.next()?.trim());
            let radius: f64 = match radius.strip_suffix("km") {
                Some(kilometres) => kilometres.parse().ok()?,
                None => radius.strip_suffix('m')?.parse::<f64>().ok()? / 1000.0,
            };
            let fits = radius > 0.0 && radius <= MAX_RADIUS && parts.next().is_none();
            fits.then_some(Self {
                lat: degrees(lat, 90.0)?,
                lon: degrees(lon, 180.0)?,
                radius,
            })
        };
        read().ok_or_else(|| {
            format!("near: wants latitude, longitude and distance, such as 48.2,16.37,10km (at most {MAX_RADIUS}km)")
        })
    }
}

impl FromStr for Area {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let mut parts = text.split(',');
            let mut next = |most| degrees(parts.next()?, most);
            let area = Self {
                south: next(90.0)?,
                west: next(180.0)?,
                north: next(90.0)?,
                east: next(180.0)?,
            };
            (parts.next().is_none() && area.south <= area.north).then_some(area)
        };
        read().ok_or_else(|| "box: wants south,west,north,east in degrees".to_owned())
    }
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{}km", self.lat, self.lon, self.radius)
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            south,
            west,
            north,
            east,
        } = self;
        write!(f, "{south},{west},{north},{east}")
    }
}
