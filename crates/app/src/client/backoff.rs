//! How long to wait before the next attempt.

use std::time::Duration;

use rand::RngExt as _;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(30);

/// Longest wait that a server may ask for; a longer one is cut to this.
const LONGEST_ASKED: Duration = Duration::from_secs(300);

/// Doubling waits with some chance in them, so that many clients do not come back all at once.
#[derive(Debug)]
pub struct Backoff {
    attempts: u32,
    made: u32,
}

impl Backoff {
    /// Allows this many attempts after the first.
    pub fn new(attempts: u32) -> Self {
        Self { attempts, made: 0 }
    }

    /// The wait before the next attempt, at least what the server asked for; none when no attempt is
    /// left.
    pub fn next(&mut self, asked: Option<Duration>) -> Option<Duration> {
        let chance = rand::rng().random_range(0.5..1.0);
        self.next_with(asked, chance)
    }

    fn next_with(&mut self, asked: Option<Duration>, chance: f64) -> Option<Duration> {
        if self.made == self.attempts {
            return None;
        }
        let doubled = FIRST.saturating_mul(1 << self.made.min(16)).min(LONGEST);
        self.made += 1;
        Some(
            doubled
                .mul_f64(chance)
                .max(asked.unwrap_or_default().min(LONGEST_ASKED)),
        )
    }
}

#[cfg(test)]
mod tests;
