//! Remembers that a service on the other side of a network is down, so that nobody waits for it in
//! vain: after some failures in a row it lets nobody through for a while, then one to try.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Clock, Timestamp};

/// When a breaker opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Failures in a row after which nobody is let through.
    pub failures: u32,
    /// Milliseconds until somebody may try again; doubled each time that fails, too.
    pub first_pause_millis: i64,
    /// Longest such pause.
    pub longest_pause_millis: i64,
}

/// Lets calls through while the service answers.
pub struct Breaker {
    clock: Arc<dyn Clock>,
    limits: Limits,
    state: Mutex<State>,
}

/// The service did not answer lately; nobody was sent there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it did not answer {failures} times in a row; it is tried again in {wait_millis} ms")]
pub struct Open {
    /// How often in a row.
    pub failures: u32,
    /// Milliseconds until somebody is let through.
    pub wait_millis: i64,
}

/// Leave for one call. Dropped without a word it says nothing about the service.
#[must_use = "say how the call ended"]
pub struct Pass<'a> {
    breaker: &'a Breaker,
    /// It is the one that tries whether the service is back.
    probe: bool,
}

#[derive(Default)]
struct State {
    failures: u32,
    pause_millis: i64,
    opened_at: Option<Timestamp>,
    probing: bool,
}

impl Breaker {
    /// A breaker that lets everybody through, until told of failures.
    pub fn new(clock: Arc<dyn Clock>, limits: Limits) -> Self {
        Self {
            clock,
            limits,
            state: Mutex::default(),
        }
    }

    /// Asks for leave to call.
    ///
    /// # Errors
    /// [`Open`]: the service is taken to be down.
    pub fn pass(&self) -> Result<Pass<'_>, Open> {
        let mut state = self.state();
        let Some(opened_at) = state.opened_at else {
            return Ok(Pass {
                breaker: self,
                probe: false,
            });
        };
        let since = self.clock.now().millis() - opened_at.millis();
        let wait_millis = state.pause_millis - since;
        // A clock that was set back must not keep the way closed.
        if state.probing || (since >= 0 && wait_millis > 0) {
            return Err(Open {
                failures: state.failures,
                wait_millis: wait_millis.clamp(1, self.limits.longest_pause_millis),
            });
        }
        state.probing = true;
        Ok(Pass {
            breaker: self,
            probe: true,
        })
    }

    /// Whether nobody is let through just now.
    pub fn is_open(&self) -> bool {
        self.state().opened_at.is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass<'_> {
    /// The service answered, be it with a refusal.
    pub fn answered(self) {
        let mut state = self.breaker.state();
        if state.opened_at.is_some() && !self.probe {
            // A call from before the failures: the one that tries has the word.
            return;
        }
        *state = State::default();
    }

    /// The service did not answer, or said that it cannot work.
    pub fn failed(self) {
        let limits = self.breaker.limits;
        let mut state = self.breaker.state();
        state.failures = state.failures.saturating_add(1);
        if self.probe {
            state.pause_millis = (state.pause_millis * 2).min(limits.longest_pause_millis);
        } else if state.opened_at.is_none() && state.failures >= limits.failures {
            state.pause_millis = limits.first_pause_millis;
        } else {
            return;
        }
        state.opened_at = Some(self.breaker.clock.now());
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.probe {
            self.breaker.state().probing = false;
        }
    }
}

#[cfg(test)]
mod tests;
