//! The catalog: all SQL of the product, on SQLite and PostgreSQL from one text.
//!
//! Open a [`Db`], hand it a closure, and call the nouns with the [`Tx`] it gets; everything one
//! closure does happens together or not at all:
//!
//! ```ignore
//! let asset = db.read(move |tx| Box::pin(async move { assets::get(tx, &visibility, id).await })).await?;
//! ```
//!
//! One module per noun. Functions take and give plain data, read the clock nowhere and make no ids:
//! times and ids come in. Reads of assets demand a [`domain::Visibility`]. What the tables mean and
//! why is in `docs/adr/0002-catalog-model.md`.

mod error;
mod lock;
mod migrations;
mod pattern;
pub mod sql;
mod words;

pub mod api_keys;
pub mod assets;
pub mod audit;
pub mod blobs;
pub mod changes;
pub mod check_runs;
pub mod collections;
pub mod contents;
pub mod external;
pub mod findings;
pub mod grants;
pub mod invitations;
pub mod jobs;
pub mod notifications;
pub mod renditions;
pub mod resumable;
pub mod roles;
pub mod sessions;
pub mod settings;
pub mod shares;
pub mod steps;
pub mod storage;
pub mod tenants;
pub mod uploads;
pub mod usage;
pub mod users;
pub mod versions;
pub mod visibility;

pub use error::Error;
pub use lock::DataDirLock;
pub use sql::{Db, Dialect, Tx};
