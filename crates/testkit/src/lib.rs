//! What tests share: the fixture files with what is known of them, a PostgreSQL and a bucket of one's
//! own, and a vault that really runs (the binary in a process, a data directory of its own, HTTP).
//!
//! Only ever a dev-dependency. Helpers panic with what they expected: in a test that is the report.

mod client;
mod events;
pub mod fixtures;
mod fuzz;
pub mod postgres;
pub mod s3;
mod vault;

pub use client::{Client, Uploaded};
pub use events::{Event, Events};
pub use fixtures::{Fixture, Outcome};
pub use fuzz::fuzz;
pub use vault::{Database, EMAIL, PASSWORD, Vault, VaultBuilder};

use std::time::Duration;

/// Longest wait for anything in a test. Generous: it is reached only by what never comes.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Pause between two looks at something that is awaited.
pub const GLANCE: Duration = Duration::from_millis(25);
