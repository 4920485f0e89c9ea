//! What can go wrong in the catalog, named by what the caller does next. Not finding something is
//! no error: lookups return an `Option`.

use std::path::PathBuf;
use std::sync::Arc;

/// Why a transaction did not happen. Cheap to clone, because one failed commit fails every
/// transaction of its group.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// A row with that unique key is there, or one that it must refer to is not. Answer 409.
    #[error("conflicts with what is stored ({constraint})")]
    Conflict {
        /// The constraint (PostgreSQL) or its columns (SQLite): for logs, not for decisions.
        constraint: String,
    },
    /// Another transaction was in the way (lock, deadlock, serialization). Nothing was changed; try again.
    #[error("the database is busy")]
    Busy,
    /// The disk or the database's quota is full. Refuse uploads; answer 507.
    #[error("the database's storage is full")]
    StorageFull,
    /// The database can be read but not changed.
    #[error("the database is read-only")]
    ReadOnly,
    /// No connection, or none free in time, or the catalog was closed. Answer 503 with `Retry-After`.
    /// When a connection breaks during COMMIT the outcome is unknown.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Another process has the data directory open.
    #[error("{} is in use by another mediavault process", .0.display())]
    InUse(PathBuf),
    /// The database's schema is not one this program can work with; the text says what to do.
    #[error("database schema: {0}")]
    Schema(String),
    /// A stored row does not mean anything: a defect, or somebody else wrote to the database.
    #[error("row {row} of {table} has no valid {column}")]
    Inconsistent {
        /// The table (or the statement's main table).
        table: &'static str,
        /// The column whose value could not be read.
        column: &'static str,
        /// The row's first column.
        row: String,
    },
    /// Anything else the database refused: a defect of ours.
    #[error("database: {0}")]
    Database(#[source] Arc<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Wraps what has no name of its own.
    pub(crate) fn database(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Database(Arc::from(source.into()))
    }
}
