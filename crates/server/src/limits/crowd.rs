//! Counts what runs at the same time for each client.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Who holds how many places. Only those who hold one are in it, so it is bounded by what runs.
#[derive(Debug)]
pub(crate) struct Crowd<K: Eq + Hash>(Arc<Mutex<HashMap<K, usize>>>);

/// A place, given back when dropped.
#[derive(Debug)]
pub(crate) struct Place<K: Eq + Hash> {
    crowd: Crowd<K>,
    client: K,
}

impl<K: Eq + Hash> Clone for Crowd<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Eq + Hash> Default for Crowd<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Eq + Hash + Clone> Crowd<K> {
    /// A place for `client`, unless it holds `most` already.
    pub(crate) fn enter(&self, client: K, most: usize) -> Option<Place<K>> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.get(&client).copied().unwrap_or(0);
        if count >= most {
            return None;
        }
        held.insert(client.clone(), count + 1);
        Some(Place {
            crowd: self.clone(),
            client,
        })
    }

    #[cfg(test)]
    pub(super) fn clients(&self) -> usize {
        self.0.lock().expect("no panic holding it").len()
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut held = self.crowd.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.client);
            }
        }
    }
}
