//! Two kinds of time: an instant (when something happened to the vault) and the wall time a camera
//! wrote, whose offset is often unknown.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant in milliseconds since the Unix epoch. Written as RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the Unix epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the Unix epoch, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This instant moved by `millis`, saturating.
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(time) => time.fmt(f),
            Err(_) => write!(f, "@{}ms", self.0),
        }
    }
}

impl std::str::FromStr for Timestamp {
    type Err = NotATime;

    fn from_str(text: &str) -> Result<Self, NotATime> {
        let time: jiff::Timestamp = text.parse().map_err(|_| NotATime(text.to_owned()))?;
        Ok(Self(time.as_millisecond()))
    }
}

/// The text is no instant of RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a time: {0:?}")]
pub struct NotATime(String);

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A capture time as its source wrote it: wall time, offset when known, and where it was read.
///
/// `local` is `YYYY-MM-DDTHH:MM:SS[.fff]`; `offset_minutes` is east of UTC. A source that states an
/// instant in UTC (QuickTime, GPS) has offset 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalTime {
    /// Wall time, ISO 8601 without offset.
    pub local: String,
    /// Offset east of UTC in minutes, when the source states one.
    pub offset_minutes: Option<i16>,
    /// The tag it came from, such as `exif:DateTimeOriginal`.
    pub source: String,
}

impl LocalTime {
    /// The instant meant, when the offset is known.
    pub fn utc(&self) -> Option<Timestamp> {
        let offset = self.offset_minutes?;
        let wall = self.as_if_utc()?;
        Some(wall.plus_millis(-i64::from(offset) * 60_000))
    }

    /// The instant if the wall time were UTC: a sort key that every dated asset has.
    pub fn as_if_utc(&self) -> Option<Timestamp> {
        let wall: jiff::civil::DateTime = self.local.parse().ok()?;
        let zoned = wall.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(Timestamp(zoned.timestamp().as_millisecond()))
    }

    /// The time so many seconds later on the same clock; `None` beyond what a calendar has.
    #[must_use]
    pub fn plus_seconds(&self, seconds: i64) -> Option<Self> {
        let wall: jiff::civil::DateTime = self.local.parse().ok()?;
        let span = jiff::Span::new().try_seconds(seconds).ok()?;
        let moved = wall.checked_add(span).ok()?;
        (0..=9999).contains(&moved.year()).then(|| Self {
            local: moved.to_string(),
            ..self.clone()
        })
    }

    /// Of a said time whose wall time nobody knows: another service kept the moment in UTC.
    pub const INSTANT: &str = "said:instant";

    /// The time that holds, of what was said and what the file says: what was said. A mere moment
    /// gives way to the file's own time where that is the same moment, because it knows the hour on
    /// the clock of the place.
    pub fn that_holds<'a>(said: Option<&'a Self>, read: Option<&'a Self>) -> Option<&'a Self> {
        match (said, read) {
            (Some(said), Some(read)) if said.source == Self::INSTANT && read.may_be(said) => {
                Some(read)
            }
            (said, read) => said.or(read),
        }
    }

    /// Whether this time says all that `other` does: the same second on the clock, and no other offset.
    pub fn says(&self, other: &Self) -> bool {
        let second = |time: &Self| time.as_if_utc().map(Timestamp::seconds);
        let offset = other.offset_minutes;
        second(self) == second(other) && (offset.is_none() || offset == self.offset_minutes)
    }

    /// Whether this wall time may be that of a moment: they lie a time zone apart, which is a number
    /// of quarter hours between -12:00 and +14:00. Fractions of a second may be lost.
    fn may_be(&self, moment: &Self) -> bool {
        const QUARTER: i64 = 15 * 60_000;
        let (Some(wall), Some(moment)) = (self.as_if_utc(), moment.as_if_utc()) else {
            return false;
        };
        let ahead = wall.millis() - moment.millis();
        let off = (ahead + QUARTER / 2).rem_euclid(QUARTER) - QUARTER / 2;
        let zone = ahead - off;
        off.abs() <= 1000 && (-12 * 4 * QUARTER..=14 * 4 * QUARTER).contains(&zone)
    }
}

#[cfg(test)]
mod tests;
