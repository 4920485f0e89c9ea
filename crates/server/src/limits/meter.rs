//! Counts requests against a rule, by the generic cell rate algorithm (ITU-T I.371): of each client
//! one number is kept, the moment at which everything it asked for so far would have been paid off
//! at the rule's even pace. A client may be a whole window ahead of it, which is the burst, and no
//! further.

use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use domain::{Generations, Timestamp};

use super::Rule;

/// Most clients remembered of one kind. Whoever makes more addresses ask than this makes us forget
/// the oldest, which is cheaper for us than to be made to remember them.
const CAPACITY: usize = 100_000;

const MICROS: i64 = 1_000_000;

/// What one kind of client has asked for.
pub(crate) struct Meter<K> {
    rule: Rule,
    window: i64,
    /// Microseconds of the window that one request uses up.
    price: i64,
    paid_at: Mutex<Generations<K, i64>>,
}

/// How a client stands after asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The rule it was measured by.
    pub(crate) rule: Rule,
    /// Requests it may still make at once.
    pub(crate) remaining: u32,
    /// Seconds until it has all of them again.
    pub(crate) reset: u64,
    /// Seconds until the next is let through; `None`: this one was.
    pub(crate) wait: Option<u64>,
}

impl<K: Eq + Hash> Meter<K> {
    pub(crate) fn new(rule: Rule) -> Self {
        let window = i64::try_from(rule.window().as_micros()).unwrap_or(i64::MAX);
        Self {
            rule,
            window,
            price: (window / i64::from(rule.count())).max(1),
            paid_at: Mutex::new(Generations::new(CAPACITY)),
        }
    }

    /// Counts a request of `client` at `now`. One that is refused costs nothing: waiting is enough.
    pub(crate) fn count(&self, client: K, now: Timestamp) -> Reading {
        let now = now.millis().saturating_mul(1000);
        let mut paid_at = self.paid_at.lock().unwrap_or_else(PoisonError::into_inner);
        let before = paid_at.get_mut(&client).copied().unwrap_or(now);
        // A clock that was set back must not lock anybody out for longer than a window.
        let before = before.clamp(now, now.saturating_add(self.window));
        let after = before + self.price;
        if after - now > self.window {
            paid_at.insert(client, before);
            return self.reading(before - now, Some(seconds(after - self.window - now)));
        }
        paid_at.insert(client, after);
        self.reading(after - now, None)
    }

    fn reading(&self, ahead: i64, wait: Option<u64>) -> Reading {
        let left = (self.window - ahead) / self.price;
        Reading {
            rule: self.rule,
            remaining: u32::try_from(left).unwrap_or(0),
            reset: seconds(ahead),
            wait,
        }
    }
}

fn seconds(micros: i64) -> u64 {
    micros.unsigned_abs().div_ceil(MICROS.unsigned_abs())
}
