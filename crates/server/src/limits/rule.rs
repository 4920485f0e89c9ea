//! A rate as an operator writes it: `100/min`, `20/10s`, `off`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Longest window: what is counted lives in memory, and longer ones would be forgotten half-way.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// At most so many requests in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    count: u32,
    window: Duration,
}

/// The text was no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be off, or a count and a window such as 100/min, 20/10s or 5000/hour")]
pub struct ParseRuleError;

impl Rule {
    /// `count` requests, at least one, in `seconds`.
    pub const fn new(count: u32, seconds: u64) -> Self {
        Self {
            count,
            window: Duration::from_secs(seconds),
        }
    }

    /// Requests in a window.
    pub fn count(self) -> u32 {
        self.count
    }

    /// Length of the window.
    pub fn window(self) -> Duration {
        self.window
    }

    /// Reads a rule, or `off` as none.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Option<Self>, ParseRuleError> {
        match text.trim() {
            "off" => Ok(None),
            rule => rule.parse().map(Some),
        }
    }

    /// How [`Rule::parse`] reads it back.
    pub fn show(rule: Option<Self>) -> String {
        rule.map_or_else(|| "off".to_owned(), |rule| rule.to_string())
    }
}

impl FromStr for Rule {
    type Err = ParseRuleError;

    fn from_str(text: &str) -> Result<Self, ParseRuleError> {
        let (count, window) = text.split_once('/').ok_or(ParseRuleError)?;
        let count: u32 = count.trim().parse().map_err(|_| ParseRuleError)?;
        let window = window.trim();
        let unit_at = window
            .find(|letter: char| !letter.is_ascii_digit())
            .ok_or(ParseRuleError)?;
        let (many, unit) = window.split_at(unit_at);
        let many: u64 = match many {
            "" => 1,
            many => many.parse().map_err(|_| ParseRuleError)?,
        };
        let unit = match unit.trim() {
            "s" | "sec" | "second" | "seconds" => 1,
            "m" | "min" | "minute" | "minutes" => 60,
            "h" | "hour" | "hours" => 60 * 60,
            _ => return Err(ParseRuleError),
        };
        let window = Duration::from_secs(many.checked_mul(unit).ok_or(ParseRuleError)?);
        let holds = count > 0 && !window.is_zero() && window <= LONGEST;
        holds
            .then_some(Self { count, window })
            .ok_or(ParseRuleError)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.window.as_secs() {
            1 => write!(f, "{}/s", self.count),
            60 => write!(f, "{}/min", self.count),
            3600 => write!(f, "{}/hour", self.count),
            seconds => write!(f, "{}/{seconds}s", self.count),
        }
    }
}
