//! A day of the calendar: what a timeline is counted by and queries speak of.

use std::fmt;
use std::str::FromStr;

use jiff::Span;
use jiff::civil::Date;
use serde::{Serialize, Serializer};

use crate::Timestamp;

/// Milliseconds of a day.
const MILLIS: i64 = 24 * 3_600_000;

/// The first and last day that a date of four digits can name.
const FIRST: Date = Date::constant(0, 1, 1);
const LAST: Date = Date::constant(9999, 12, 31);
const EPOCH: Date = Date::constant(1970, 1, 1);

/// A day, counted from 1970-01-01. Written `YYYY-MM-DD`; of `YYYY` and `YYYY-MM` the first day is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

impl Day {
    /// From days since 1970-01-01.
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// Days since 1970-01-01.
    pub const fn number(self) -> i64 {
        self.0
    }

    /// The day of an instant, in UTC; of a wall time as if in UTC, its own day.
    pub const fn of(time: Timestamp) -> Self {
        Self(time.millis().div_euclid(MILLIS))
    }

    /// The next day.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The first day of its month.
    #[must_use]
    pub fn month(self) -> Self {
        Self::from(self.date().first_of_month())
    }

    /// The first day of the month after its own.
    #[must_use]
    pub fn next_month(self) -> Self {
        let last = self.date().last_of_month();
        Self::from(last).next()
    }

    /// The calendar's date; beyond the years it can name, the nearest one it can.
    fn date(self) -> Date {
        let nearest = if self.0 < 0 { FIRST } else { LAST };
        Span::new()
            .try_days(self.0)
            .and_then(|days| EPOCH.checked_add(days))
            .map_or(nearest, |date| date.clamp(FIRST, LAST))
    }

    /// `YYYY-MM`.
    pub fn month_name(self) -> String {
        let date = self.date();
        format!("{:04}-{:02}", date.year(), date.month())
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        // Whole days between two dates always fit.
        Self(i64::from((date - EPOCH).get_days()))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.date();
        write!(
            f,
            "{:04}-{:02}-{:02}",
            date.year(),
            date.month(),
            date.day()
        )
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The text names no day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a date is written YYYY, YYYY-MM or YYYY-MM-DD")]
pub struct ParseDayError;

impl FromStr for Day {
    type Err = ParseDayError;

    fn from_str(text: &str) -> Result<Self, ParseDayError> {
        let mut parts = text.split('-');
        let mut next = |width: usize| match parts.next() {
            None => Ok(None),
            Some(part) if part.len() == width && part.bytes().all(|b| b.is_ascii_digit()) => {
                part.parse::<i16>().map(Some).map_err(|_| ParseDayError)
            }
            Some(_) => Err(ParseDayError),
        };
        let year = next(4)?.ok_or(ParseDayError)?;
        let (month, day) = (next(2)?.unwrap_or(1), next(2)?.unwrap_or(1));
        if parts.next().is_some() {
            return Err(ParseDayError);
        }
        let (month, day) = (i8::try_from(month), i8::try_from(day));
        let (month, day) = (
            month.map_err(|_| ParseDayError)?,
            day.map_err(|_| ParseDayError)?,
        );
        let date = Date::new(year, month, day).map_err(|_| ParseDayError)?;
        Ok(Self::from(date))
    }
}

#[cfg(test)]
mod tests;
