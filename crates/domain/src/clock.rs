//! Time, randomness and fresh ids are passed in, so that a test can move the clock instead of
//! sleeping. The real ones are made once, in `app`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use uuid::{Builder, Uuid};

use crate::time::Timestamp;

/// Tells the time of day.
pub trait Clock: Send + Sync {
    /// Now, in milliseconds since the Unix epoch.
    fn now(&self) -> Timestamp;
}

/// Gives unpredictable bytes.
pub trait Entropy: Send + Sync {
    /// Fills `buffer` with bytes fit for keys and tokens.
    fn fill(&self, buffer: &mut [u8]);
}

/// Makes fresh UUIDv7 values from a clock and a source of randomness.
pub struct Ids<'a> {
    clock: &'a dyn Clock,
    entropy: &'a dyn Entropy,
}

impl<'a> Ids<'a> {
    /// Joins a clock and a source of randomness.
    pub fn new(clock: &'a dyn Clock, entropy: &'a dyn Entropy) -> Self {
        Self { clock, entropy }
    }

    /// A fresh id of any kind.
    pub fn fresh<T: From<Uuid>>(&self) -> T {
        let mut random = [0; 10];
        self.entropy.fill(&mut random);
        let millis = u64::try_from(self.clock.now().millis()).unwrap_or(0);
        T::from(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

/// A clock that stands still until told to move.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Starts at `now`.
    pub fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.millis()))
    }

    /// Moves forward (or, with a negative value, back).
    pub fn advance_millis(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Repeatable bytes for tests (SplitMix64); never for keys.
#[derive(Debug)]
pub struct SeededEntropy(Mutex<u64>);

impl SeededEntropy {
    /// The same seed gives the same bytes.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        let mut state = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in buffer.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            chunk.copy_from_slice(&z.to_le_bytes()[..chunk.len()]);
        }
    }
}
