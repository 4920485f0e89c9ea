//! Times and places as people and programs say them, held against what can be.

use domain::{LocalTime, Place};

use crate::error::{Error, Result};

/// Where said times and places come from, in `source`.
const SOURCE: &str = "said";

/// A capture time: `{"local": "2024-05-17T10:00:00", "offset": "+02:00"}`. Without offset the wall
/// time alone is known. Offset `Z` says the reverse: the moment is known, and not the hour on the
/// clock of the place; the file's own wall time of that moment is preferred.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaidTime {
    /// Wall time, `YYYY-MM-DDTHH:MM:SS`.
    pub local: String,
    /// East of UTC.
    #[serde(default)]
    pub offset: Option<String>,
}

/// A place: degrees, and metres above the sea where they are known.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaidPlace {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Metres above the sea.
    #[serde(default)]
    pub altitude: Option<f64>,
}

impl SaidTime {
    /// The time it says.
    ///
    /// # Errors
    /// A problem of the field `captured_at`.
    pub fn time(&self) -> Result<LocalTime> {
        let wrong = |what: &'static str| Error::field("captured_at", what);
        let (offset_minutes, source) = match self.offset.as_deref() {
            None => (None, SOURCE),
            Some("Z") => (Some(0), LocalTime::INSTANT),
            Some(text) => {
                let minutes = minutes(text).ok_or_else(|| wrong("an offset is such as +02:00"))?;
                (Some(minutes), SOURCE)
            }
        };
        let time = LocalTime {
            local: self.local.clone(),
            offset_minutes,
            source: source.to_owned(),
        };
        let readable = self.local.len() >= 19 && time.as_if_utc().is_some();
        let bare = self
            .local
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'T' | b'.'));
        if readable && bare && self.local.len() <= 29 {
            Ok(time)
        } else {
            Err(wrong("a time is such as 2024-05-17T10:00:00"))
        }
    }
}

impl SaidPlace {
    /// The place it says.
    ///
    /// # Errors
    /// A problem of the field `location`.
    pub fn place(&self) -> Result<Place> {
        Place::new(self.lat, self.lon, self.altitude, SOURCE).ok_or_else(|| {
            Error::field(
                "location",
                "degrees: lat -90 to 90, lon -180 to 180, not 0 and 0",
            )
        })
    }
}

/// `+02:00` in minutes.
fn minutes(text: &str) -> Option<i16> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let number = |text: &str| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<i16>().ok())?
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests;
