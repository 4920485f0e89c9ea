//! What the vault stands on goes away under load and comes back: nothing acknowledged is lost, requests fail
//! fast and say when to come again, and nobody has to start anything anew.

mod clock;
mod database;
mod disk;
mod load;
mod workers;

use testkit::VaultBuilder;

/// A vault whose jobs are nobody's soon after their worker has fallen silent.
fn vault() -> VaultBuilder {
    crate::vault().env("MEDIAVAULT_LEASE_SECONDS", "5")
}
