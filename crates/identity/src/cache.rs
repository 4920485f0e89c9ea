//! What was read of a credential, remembered for at most two seconds.
//!
//! Every request names a session or a key; reading it from the catalog each time would cost a query
//! a thumbnail. Two seconds is how long another node may still honour what was revoked here. On this
//! node revocation is immediate: it forgets the entry and moves the epoch, and whatever was read
//! under an older epoch is not remembered, so a read that was under way cannot bring it back.

#[cfg(test)]
mod tests;

use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{Generations, Timestamp};

/// Longest life of an entry, in milliseconds.
const LIFE: i64 = 2_000;

/// Most entries.
const CAPACITY: usize = 20_000;

pub(crate) struct Cache<K, V>(Mutex<State<K, V>>);

struct State<K, V> {
    entries: Generations<K, (V, Timestamp)>,
    epoch: u64,
}

/// The time of a read, in revocations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Epoch(u64);

impl<K: Eq + Hash, V: Clone> Cache<K, V> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(State {
            entries: Generations::new(CAPACITY),
            epoch: 0,
        }))
    }

    /// What is remembered, if it is young enough.
    pub(crate) fn get(&self, key: &K, now: Timestamp) -> Option<V> {
        let mut state = self.lock();
        let (value, read_at) = state.entries.get_mut(key)?;
        let age = now.millis().saturating_sub(read_at.millis());
        // A clock that was set back makes an entry old, not immortal.
        (0..LIFE).contains(&age).then(|| value.clone())
    }

    /// To be taken before reading what [`Cache::put`] will remember.
    pub(crate) fn epoch(&self) -> Epoch {
        Epoch(self.lock().epoch)
    }

    /// Remembers what was read at `read_at`, unless something was revoked since `epoch`.
    pub(crate) fn put(&self, key: K, value: V, read_at: Timestamp, epoch: Epoch) {
        let mut state = self.lock();
        if state.epoch == epoch.0 {
            state.entries.insert(key, (value, read_at));
        }
    }

    /// Forgets one entry: what it says holds no more.
    pub(crate) fn forget(&self, key: &K) {
        let mut state = self.lock();
        state.epoch += 1;
        state.entries.remove(key);
    }

    /// Forgets everything.
    pub(crate) fn forget_all(&self) {
        let mut state = self.lock();
        state.epoch += 1;
        state.entries.clear();
    }

    fn lock(&self) -> MutexGuard<'_, State<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
