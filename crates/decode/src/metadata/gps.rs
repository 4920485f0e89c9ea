//! Positions as EXIF (2.32 §4.6.6) and XMP write them.

use domain::Place;

use crate::tiff::Directory;

const LATITUDE_REF: u16 = 1;
const LATITUDE: u16 = 2;
const LONGITUDE_REF: u16 = 3;
const LONGITUDE: u16 = 4;
const ALTITUDE_REF: u16 = 5;
const ALTITUDE: u16 = 6;

/// The position of a GPS directory, unless it cannot be one.
pub(super) fn from_directory(gps: &Directory<'_>) -> Option<Place> {
    let south = sign(gps, LATITUDE_REF, b'S');
    let west = sign(gps, LONGITUDE_REF, b'W');
    let lat = south * degrees(&gps.find(LATITUDE)?.rationals())?;
    let lon = west * degrees(&gps.find(LONGITUDE)?.rationals())?;
    let below = matches!(gps.number(ALTITUDE_REF), Some(1 | 3));
    let altitude = gps
        .find(ALTITUDE)
        .and_then(|entry| entry.rationals().first().copied().flatten())
        .map(|metres| if below { -metres.abs() } else { metres });
    Place::new(lat, lon, altitude, "exif:GPS")
}

/// XMP's `DDD,MM.mmk` or `DDD,MM,SSk` where k is a cardinal letter (XMP part 2 §3.3 GPSCoordinate),
/// and plain signed degrees, which some programs write.
pub(super) fn from_xmp(lat: &str, lon: &str, altitude: Option<f64>) -> Option<Place> {
    Place::new(coordinate(lat)?, coordinate(lon)?, altitude, "xmp:GPS")
}

fn coordinate(text: &str) -> Option<f64> {
    let text = text.trim();
    let (number, sign) = match text.chars().last()? {
        'S' | 's' | 'W' | 'w' => (&text[..text.len() - 1], -1.0),
        'N' | 'n' | 'E' | 'e' => (&text[..text.len() - 1], 1.0),
        _ => (text, 1.0),
    };
    let parts: Option<Vec<f64>> = number
        .split(',')
        .map(|part| part.trim().parse().ok())
        .collect();
    let parts: Vec<_> = parts?.into_iter().map(Some).collect();
    Some(sign * degrees(&parts)?)
}

/// Degrees, minutes, seconds, of which the later may be missing or, without a denominator, void.
fn degrees(parts: &[Option<f64>]) -> Option<f64> {
    let part = |index: usize| parts.get(index).copied().flatten();
    let minutes = part(1).unwrap_or(0.0);
    let seconds = part(2).unwrap_or(0.0);
    Some(part(0)? + minutes / 60.0 + seconds / 3600.0)
}

fn sign(gps: &Directory<'_>, reference: u16, negative: u8) -> f64 {
    let letter = gps.find(reference).and_then(|entry| entry.bytes().first());
    if letter.is_some_and(|letter| letter.eq_ignore_ascii_case(&negative)) {
        -1.0
    } else {
        1.0
    }
}
