//! What was counted of whole libraries, kept in memory until they change: their timelines, and what
//! their assets have in common.
//!
//! Counting a million assets takes a moment, and every page begins with it. Whoever changes a library
//! on this node takes its counts away at once; the follower does so for changes of other nodes,
//! before it tells listeners, so that nobody who asks because of an event is told what was.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{TenantId, UserId};

use crate::library::labels::Facets;
use crate::library::timeline::Timeline;

/// Most libraries kept.
const MAX_LIBRARIES: usize = 1000;

/// Whose library.
pub type Library = (TenantId, UserId);

/// All that one node has counted.
#[derive(Debug, Default)]
pub struct Counted {
    pub timelines: Counts<Timeline>,
    pub facets: Counts<Facets>,
}

impl Counted {
    /// Forgets a library that has changed.
    pub fn forget(&self, library: Library) {
        self.timelines.forget(library);
        self.facets.forget(library);
    }

    /// Forgets everything: changes were missed.
    pub fn clear(&self) {
        self.timelines.clear();
        self.facets.clear();
    }
}

/// One count of each library.
#[derive(Debug)]
pub struct Counts<T> {
    known: Mutex<Known<T>>,
}

#[derive(Debug)]
struct Known<T> {
    /// Counts tickets, so that none is like another.
    tickets: u64,
    libraries: HashMap<Library, Kept<T>>,
}

#[derive(Debug)]
enum Kept<T> {
    /// Being counted, by whoever has the last of the tickets.
    Awaited(u64),
    Counted(Arc<T>),
}

/// Taken before counting; good for putting away what was counted as long as nothing has changed since.
#[derive(Debug, Clone, Copy)]
pub struct Ticket {
    library: Library,
    number: u64,
}

impl<T> Default for Counts<T> {
    fn default() -> Self {
        let known = Known {
            tickets: 0,
            libraries: HashMap::new(),
        };
        Self {
            known: Mutex::new(known),
        }
    }
}

impl<T> Counts<T> {
    fn lock(&self) -> MutexGuard<'_, Known<T>> {
        // Each change of the map is whole, whoever panicked.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was counted of a whole library, or is counted now; anything else is counted each time.
    pub async fn get_or<E>(
        &self,
        library: Option<Library>,
        count: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        let Some(library) = library else {
            return count.await.map(Arc::new);
        };
        if let Some(known) = self.get(library) {
            return Ok(known);
        }
        let ticket = self.ticket(library);
        let counted = Arc::new(count.await?);
        self.put(ticket, Arc::clone(&counted));
        Ok(counted)
    }

    /// What was counted last, if nothing has changed since.
    pub fn get(&self, library: Library) -> Option<Arc<T>> {
        match self.lock().libraries.get(&library) {
            Some(Kept::Counted(counted)) => Some(Arc::clone(counted)),
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
    pub fn put(&self, ticket: Ticket, counted: Arc<T>) {
        let mut known = self.lock();
        if let Some(kept) = known.libraries.get_mut(&ticket.library)
            && matches!(kept, Kept::Awaited(number) if *number == ticket.number)
        {
            *kept = Kept::Counted(counted);
        }
    }

    fn forget(&self, library: Library) {
        self.lock().libraries.remove(&library);
    }

    fn clear(&self) {
        self.lock().libraries.clear();
    }
}

#[cfg(test)]
mod tests;
