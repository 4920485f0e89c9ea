//! Slows down guessing: only so many failures per account and per address within a window.
//!
//! An attempt counts from the moment it begins and is forgiven when it succeeds, so a hundred
//! attempts at once are no way around the limit. What is counted lives in memory and is bounded;
//! a restart forgives, which costs an attacker's patience more than ours.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{Generations, Timestamp};

use crate::error::Error;

/// Most accounts or addresses remembered.
const CAPACITY: usize = 20_000;

pub(crate) struct Throttle<K> {
    limit: usize,
    window: i64,
    attempts: Mutex<Generations<K, VecDeque<Timestamp>>>,
}

impl<K: Eq + Hash + Clone> Throttle<K> {
    /// Lets `limit` attempts through in any `window` milliseconds.
    pub(crate) fn new(limit: usize, window: i64) -> Self {
        Self {
            limit,
            window,
            attempts: Mutex::new(Generations::new(CAPACITY)),
        }
    }

    /// Counts an attempt at `now`.
    ///
    /// # Errors
    /// [`Error::Wait`] with the time until the oldest counted attempt leaves the window. A refused
    /// attempt does not count: waiting is enough, however often somebody asks.
    pub(crate) fn attempt(&self, key: &K, now: Timestamp) -> Result<(), Error> {
        let mut attempts = self.lock();
        if let Some(times) = attempts.get_mut(key) {
            times.retain(|time| now.millis() - time.millis() < self.window);
            if times.len() >= self.limit {
                let oldest = times.front().map_or(0, |time| time.millis());
                let wait = (oldest + self.window - now.millis()).max(0);
                return Err(Error::Wait {
                    seconds: wait.unsigned_abs().div_ceil(1000),
                });
            }
            times.push_back(now);
        } else {
            attempts.insert(key.clone(), VecDeque::from([now]));
        }
        Ok(())
    }

    /// Takes back the attempt made at `time`: it was no failure.
    pub(crate) fn forgive(&self, key: &K, time: Timestamp) {
        if let Some(times) = self.lock().get_mut(key)
            && let Some(index) = times.iter().rposition(|counted| *counted == time)
        {
            times.remove(index);
        }
    }

    /// Takes back all attempts.
    pub(crate) fn clear(&self, key: &K) {
        self.lock().remove(key);
    }

    fn lock(&self) -> MutexGuard<'_, Generations<K, VecDeque<Timestamp>>> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What counts as one address: an IPv6 customer holds at least a /64 and could change within it.
pub fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}
