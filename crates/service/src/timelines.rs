//! Counted timelines, kept in memory until their library changes.
//!
//! Counting a million assets takes a moment, and every page begins with it. Whoever changes a library
//! on this node takes its timeline away at once; the follower does so for changes of other nodes,
//! before it tells listeners, so that nobody who asks because of an event is told what was.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{TenantId, UserId};

use crate::library::timeline::Timeline;

/// Most libraries kept.
const MAX_LIBRARIES: usize = 1000;

/// Whose library.
pub type Library = (TenantId, UserId);

/// The timelines of one node.
#[derive(Debug, Default)]
pub struct Timelines {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Counts tickets, so that none is like another.
    tickets: u64,
    libraries: HashMap<Library, Kept>,
}

#[derive(Debug)]
enum Kept {
    /// Being counted, by whoever has the last of the tickets.
    Awaited(u64),
    Counted(Arc<Timeline>),
}

/// Taken before counting; good for putting away what was counted as long as nothing has changed since.
#[derive(Debug, Clone, Copy)]
pub struct Ticket {
    library: Library,
    number: u64,
}

impl Timelines {
    fn lock(&self) -> MutexGuard<'_, Known> {
        // Each change of the map is whole, whoever panicked.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was counted last, if nothing has changed since.
    pub fn get(&self, library: Library) -> Option<Arc<Timeline>> {
        match self.lock().libraries.get(&library) {
            Some(Kept::Counted(timeline)) => Some(Arc::clone(timeline)),
            _ => None,
        }
    }

    /// Announces that a library will be counted.
    pub fn ticket(&self, library: Library) -> Ticket {
        let mut known = self.lock();
        if known.libraries.len() >= MAX_LIBRARIES {
            known.libraries.clear();
        }
        known.tickets += 1;
        let number = known.tickets;
        known.libraries.insert(library, Kept::Awaited(number));
        Ticket { library, number }
    }

    /// Keeps what was counted, unless its library changed meanwhile.
    pub fn put(&self, ticket: Ticket, timeline: Arc<Timeline>) {
        let mut known = self.lock();
        if let Some(kept) = known.libraries.get_mut(&ticket.library)
            && matches!(kept, Kept::Awaited(number) if *number == ticket.number)
        {
            *kept = Kept::Counted(timeline);
        }
    }

    /// Forgets a library that has changed.
    pub fn forget(&self, library: Library) {
        self.lock().libraries.remove(&library);
    }

    /// Forgets everything: changes were missed.
    pub fn clear(&self) {
        self.lock().libraries.clear();
    }
}

#[cfg(test)]
mod tests;
