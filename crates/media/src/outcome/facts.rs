//! Facts from a child: what cannot be true is left out.

use domain::{Camera, Facts, LocalTime, Place};

use super::text::{name, prose};

/// Pixels of the longest edge anybody has made, with room to spare.
const LONGEST_EDGE: u32 = 10_000_000;
const MOST_KEYWORDS: usize = 200;
const MOST_COLORS: usize = 16;
/// Minutes; offsets in use reach from -12 to +14 hours.
const FARTHEST_OFFSET: i16 = 18 * 60;

pub(super) fn clean(facts: Facts) -> Facts {
    let edge = |edge: &u32| (1..=LONGEST_EDGE).contains(edge);
    Facts {
        width: facts.width.filter(edge),
        height: facts.height.filter(edge),
        orientation: facts.orientation.filter(|value| (1..=8).contains(value)),
        captured: facts.captured.and_then(time),
        place: facts.place.and_then(place),
        camera: camera(facts.camera),
        title: short(facts.title),
        description: facts.description.as_deref().and_then(prose),
        keywords: keywords(&facts.keywords),
        rating: facts.rating.filter(|stars| *stars <= 5),
        favourite: facts.favourite,
        frames: facts.frames.filter(|frames| *frames > 1),
        color_profile: short(facts.color_profile),
        thumbhash: facts.thumbhash.filter(|text| is_thumbhash(text)),
        phash: facts.phash.filter(|text| is_hex(text, 16)),
        colors: colors(facts.colors),
    }
}

fn short(text: Option<String>) -> Option<String> {
    text.as_deref().and_then(name)
}

fn time(time: LocalTime) -> Option<LocalTime> {
    let sane = time.local.len() <= 32 && time.as_if_utc().is_some();
    let offset = time.offset_minutes;
    sane.then(|| LocalTime {
        offset_minutes: offset.filter(|minutes| minutes.unsigned_abs() <= FARTHEST_OFFSET as u16),
        source: name(&time.source).unwrap_or_default(),
        local: time.local,
    })
}

fn place(place: Place) -> Option<Place> {
    let source = name(&place.source).unwrap_or_default();
    // From the centre of the Earth to well above any aeroplane.
    let altitude = place.altitude.filter(|metres| metres.abs() < 1e7);
    Place::new(place.lat, place.lon, altitude, &source)
}

fn camera(camera: Camera) -> Camera {
    let sane = |value: &f64| value.is_finite() && *value > 0.0 && *value < 1e9;
    Camera {
        make: short(camera.make),
        model: short(camera.model),
        lens: short(camera.lens),
        iso: camera.iso.filter(|iso| *iso > 0),
        aperture: camera.aperture.filter(sane),
        exposure: camera.exposure.filter(sane),
        focal_length: camera.focal_length.filter(sane),
    }
}

fn keywords(keywords: &[String]) -> Vec<String> {
    let mut kept = Vec::new();
    for keyword in keywords.iter().filter_map(|keyword| name(keyword)) {
        if kept.len() < MOST_KEYWORDS && !kept.contains(&keyword) {
            kept.push(keyword);
        }
    }
    kept
}

fn colors(mut colors: Vec<String>) -> Vec<String> {
    colors.retain(|color| color.strip_prefix('#').is_some_and(|hex| is_hex(hex, 6)));
    colors.truncate(MOST_COLORS);
    colors
}

/// Base64 of the 5 to 25 bytes a ThumbHash has.
fn is_thumbhash(text: &str) -> bool {
    let base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    (7..=40).contains(&text.len()) && text.bytes().all(base64)
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
