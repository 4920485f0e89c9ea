//! Hours of the day, in UTC: `22-6` is from ten in the evening to six in the morning.

use std::fmt;
use std::str::FromStr;

use domain::Timestamp;
use serde::{Deserialize, Serialize};

const HOUR_MILLIS: i64 = 60 * 60 * 1000;

/// Some hours of every day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hours {
    from: u8,
    until: u8,
}

impl Hours {
    /// All day.
    pub const ALL: Self = Self { from: 0, until: 24 };

    /// Whether a moment lies within.
    pub const fn hold(self, now: Timestamp) -> bool {
        let hour = now.millis().div_euclid(HOUR_MILLIS).rem_euclid(24);
        let (from, until) = (self.from as i64, self.until as i64);
        if from < until {
            from <= hour && hour < until
        } else {
            hour >= from || hour < until
        }
    }
}

impl FromStr for Hours {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "must be hours such as 22-6 or 0-24".to_owned();
        let (from, until) = text.split_once('-').ok_or_else(wrong)?;
        let read = |text: &str| text.trim().parse::<u8>().map_err(|_| wrong());
        let (from, until) = (read(from)?, read(until)?);
        if from > 23 || until > 24 || from == until {
            return Err(wrong());
        }
        Ok(Self { from, until })
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from, self.until)
    }
}

impl TryFrom<String> for Hours {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Hours> for String {
    fn from(hours: Hours) -> Self {
        hours.to_string()
    }
}

#[cfg(test)]
mod tests;
