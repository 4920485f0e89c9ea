//! How long transactions take, for the figures.

use std::time::Instant;

use metrics::histogram;

/// A transaction under way.
pub(super) struct Timed {
    access: &'static str,
    begun: Instant,
}

impl Timed {
    /// Begins before its turn has come: waiting counts.
    pub(super) fn begin(access: &'static str) -> Self {
        Self {
            access,
            begun: Instant::now(),
        }
    }

    pub(super) fn end(self) {
        let took = self.begun.elapsed();
        histogram!("mediavault_db_transaction_seconds", "access" => self.access).record(took);
    }
}
