//! Bytes behind one gate.
//!
//! Everything the vault keeps as a file goes in and comes out through [`Gate`]: on the way in bytes
//! are hashed, checked against what was announced, encrypted, written and published under a name
//! that is never overwritten; on the way out they are decrypted and authenticated frame by frame.
//! Nobody else touches a stored object, so nobody else can forget one of these.
//!
//! Where objects lie is a [`Store`]: a folder ([`FolderStore`]), a bucket of S3 ([`S3Store`]) or
//! memory ([`MemoryStore`]). A store moves opaque bytes and knows neither keys nor hashes. Every store passes the same conformance
//! suite (`suite/`) in both modes of [`Encryption`].
//!
//! What an object looks like and how it is named is frozen in `docs/adr/0001-blob-format.md`. From
//! the objects, the key ring beside them and the master key everything can be read again without
//! the catalog: see [`recover`].
//!
//! Bytes that stay where they are lie in an [`external`] folder: read only, and not behind the gate.
//!
//! The crate knows no catalog. Sweeping and verifying compare the store with what the caller says
//! ought to be there: see [`sweep`] and [`verify`].

mod error;
pub mod external;
mod frames;
mod gate;
mod header;
mod keys;
mod layout;
mod name;
mod pace;
pub mod recover;
mod store;
pub mod sweep;
pub mod verify;

pub use error::BlobError;
pub use gate::{Area, Copied, Expect, Gate, Listed, Reader, Stored, Verified, Writer};
pub use keys::{
    Encryption, KeyRing, MasterKey, RecoveryKeyError, RingStanding, has_key_ring, restore_key_ring,
};
pub use name::{ObjectName, ParseNameError};
pub use pace::Pace;
pub use store::{
    Entry, FolderStore, Looked, MemoryStore, Publish, S3Address, S3Settings, S3Store, Slice,
    Staged, Stat, Store, StoreFuture, stage_as,
};

#[cfg(test)]
mod suite;
