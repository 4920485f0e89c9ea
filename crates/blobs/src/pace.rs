//! Holds background work to so many bytes a second, however many do it at once.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// A share of a disk or a line. Shared by those who work under it.
#[derive(Debug, Default)]
pub struct Pace {
    /// Bytes a second; `None`: as fast as it goes.
    rate: Option<u64>,
    /// When what was taken so far is paid for.
    paid: Mutex<Option<Instant>>,
}

impl Pace {
    /// At most `rate` bytes a second; 0 is as fast as it goes.
    pub const fn new(rate: u64) -> Self {
        let rate = if rate == 0 { None } else { Some(rate) };
        Self {
            rate,
            paid: Mutex::new(None),
        }
    }

    /// As fast as it goes.
    pub const fn unbounded() -> Self {
        Self::new(0)
    }

    /// Counts `bytes` and waits until those before them are paid for: a slow pace never holds up the
    /// first.
    pub async fn take(&self, bytes: u64) {
        if let Some(from) = self.turn(bytes, Instant::now()) {
            tokio::time::sleep_until(from).await;
        }
    }

    /// When `bytes` may go, for somebody who comes at `now`.
    fn turn(&self, bytes: u64, now: Instant) -> Option<Instant> {
        let rate = self.rate?;
        let cost = Duration::from_micros(bytes.saturating_mul(1_000_000) / rate);
        let mut paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
        let from = paid.map_or(now, |paid| paid.max(now));
        *paid = Some(from + cost);
        Some(from)
    }
}

#[cfg(test)]
mod tests;
