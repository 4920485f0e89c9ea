//! Whether the machine has better things to do than what can wait.

use std::num::NonZero;

use crate::Vault;

/// Where Linux says how many tasks want a processor or a disk.
const LOAD: &str = "/proc/loadavg";

/// Whether people wait for pictures, or more runs than there are processors.
pub(crate) fn is_high(vault: &Vault) -> bool {
    let decoders = vault.workshop().state();
    if decoders.waiting > 0 || decoders.running >= decoders.max_running.max(1) {
        return true;
    }
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    // Where nothing tells the load, only the vault's own work counts.
    std::fs::read_to_string(LOAD)
        .ok()
        .and_then(|text| last_minute(&text))
        .is_some_and(|load| load > cores as f64)
}

/// The first number: tasks that ran or waited, over the last minute.
fn last_minute(text: &str) -> Option<f64> {
    text.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests;
