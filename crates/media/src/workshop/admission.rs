//! One byte budget for all jobs, first come first served, with a bounded queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::unavailable;
use crate::Problem;

/// Bytes that one permit stands for; a semaphore counts in `u32`.
const UNIT: u64 = 64 << 10;

#[derive(Debug)]
pub(super) struct Admission {
    free: Arc<Semaphore>,
    units: u32,
    waiting: AtomicUsize,
    max_waiting: usize,
}

/// Leave to use memory, given back when dropped.
#[derive(Debug)]
pub struct Seat {
    permit: OwnedSemaphorePermit,
}

impl Seat {
    /// Bytes it stands for.
    pub(super) fn bytes(&self) -> u64 {
        self.permit.num_permits() as u64 * UNIT
    }
}

/// Counts one waiter for as long as it waits, even if its future is dropped.
struct Waiter<'a>(&'a AtomicUsize);

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Admission {
    pub(super) fn new(budget: u64, max_waiting: usize) -> Self {
        let units = u32::try_from(budget / UNIT).unwrap_or(u32::MAX).max(1);
        Self {
            free: Arc::new(Semaphore::new(units as usize)),
            units,
            waiting: AtomicUsize::new(0),
            max_waiting,
        }
    }

    pub(super) async fn admit(&self, cost: u64) -> Result<Seat, Problem> {
        let units = u32::try_from(cost.div_ceil(UNIT))
            .unwrap_or(u32::MAX)
            .clamp(1, self.units);
        if let Ok(permit) = Arc::clone(&self.free).try_acquire_many_owned(units) {
            return Ok(Seat { permit });
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiter = Waiter(&self.waiting);
        if before >= self.max_waiting {
            return Err(unavailable("too many files are waiting to be decoded"));
        }
        let permit = Arc::clone(&self.free).acquire_many_owned(units).await;
        let permit = permit.expect("the semaphore is never closed");
        Ok(Seat { permit })
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(super) fn budget(&self) -> u64 {
        u64::from(self.units) * UNIT
    }

    pub(super) fn taken(&self) -> u64 {
        self.budget() - self.free.available_permits() as u64 * UNIT
    }
}

#[cfg(test)]
mod tests;
