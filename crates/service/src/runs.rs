//! How many archives are written at the same time: each reads the store as fast as its reader takes it,
//! for as long as that takes, so one account or one link must not hold all there is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{ShareId, TenantId, UserId};
use identity::{Caller, Via};

use crate::error::{Error, Result};

/// Most for one account.
const FOR_ACCOUNT: usize = 3;

/// Most for the visitors of one link.
const FOR_LINK: usize = 6;

/// Most on this node.
const AT_ONCE: usize = 24;

/// Seconds after which to ask again: nobody knows how long an archive takes its reader.
const RETRY_AFTER: u64 = 30;

/// Who has archives written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Reader {
    Account(TenantId, UserId),
    Link(TenantId, ShareId),
}

impl Reader {
    fn of(caller: &Caller) -> Self {
        match caller.via {
            Via::Share(share) => Self::Link(caller.tenant, share),
            _ => Self::Account(caller.tenant, caller.user),
        }
    }

    const fn most(self) -> usize {
        match self {
            Self::Account(..) => FOR_ACCOUNT,
            Self::Link(..) => FOR_LINK,
        }
    }
}

/// The archives that are being written. Holds nobody who has none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Runs {
    running: Arc<Mutex<HashMap<Reader, usize>>>,
}

/// One archive; over when dropped.
#[derive(Debug)]
pub(crate) struct Run {
    runs: Runs,
    reader: Reader,
}

impl Runs {
    /// Begins one for the caller.
    ///
    /// # Errors
    /// `TooMany` while the caller, or everybody together, has as many as there may be.
    pub(crate) fn begin(&self, caller: &Caller) -> Result<Run> {
        let reader = Reader::of(caller);
        let mut running = self.lock();
        let own = running.get(&reader).copied().unwrap_or(0);
        if own >= reader.most() {
            return Err(too_many("as many of your archives as may be are under way"));
        }
        if running.values().sum::<usize>() >= AT_ONCE {
            return Err(too_many("many archives are under way just now"));
        }
        running.insert(reader, own + 1);
        Ok(Run {
            runs: self.clone(),
            reader,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Reader, usize>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn too_many(detail: &'static str) -> Error {
    Error::TooMany {
        retry_after: RETRY_AFTER,
        detail: detail.into(),
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let mut running = self.runs.lock();
        if let Some(own) = running.get_mut(&self.reader) {
            *own -= 1;
            if *own == 0 {
                running.remove(&self.reader);
            }
        }
    }
}

#[cfg(test)]
mod tests;
