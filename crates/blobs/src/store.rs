//! Where objects lie: opaque bytes under names, nothing more.

use std::future::Future;
use std::ops::Range;
use std::pin::Pin;

use domain::Timestamp;

use crate::BlobError;

mod fs;
mod memory;
mod s3;

pub use fs::FolderStore;
pub(crate) use fs::{create_folder, sync_folder};
pub use memory::MemoryStore;
pub use s3::{Looked, S3Address, S3Settings, S3Store};

/// What a store answers with.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, BlobError>> + Send + 'a>>;

/// A place for objects. Keys are relative paths of `/`-separated parts.
pub trait Store: Send + Sync {
    /// What people call it, for messages: `folder /srv/vault/blobs`.
    fn name(&self) -> &str;

    /// Begins an object. Nothing is visible, and nothing need be written, before it is published.
    fn stage(&self) -> Box<dyn Staged>;

    /// Begins an object that is to be published under `key` and no other name: for stores that must
    /// be told the name of a large object before its first byte. `None` where names are given at the
    /// end. Whoever knows the name calls [`stage_as`], which is for all of them.
    fn stage_named(&self, _key: &str) -> Option<Box<dyn Staged>> {
        None
    }

    /// Reads the bytes in `range`, cut at the end of the object; `None` when there is no object.
    fn read<'a>(&'a self, key: &'a str, range: Range<u64>) -> StoreFuture<'a, Option<Slice>>;

    /// Size and age of an object; `None` when there is none.
    fn stat<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Stat>>;

    /// Removes an object; whether there was one.
    fn delete<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool>;

    /// Up to `limit` objects whose keys begin with `prefix` and lie behind `after`, in byte order of
    /// their keys. `prefix` is empty or ends with a slash. Unfinished objects are listed under
    /// `staging/` where they outlive a crash.
    fn list<'a>(
        &'a self,
        prefix: &'a str,
        after: Option<&'a str>,
        limit: usize,
    ) -> StoreFuture<'a, Vec<Entry>>;

    /// Asks the store for a sign of life.
    fn ping(&self) -> StoreFuture<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Bytes that can still be written, where that is known.
    fn free_space(&self) -> StoreFuture<'_, Option<u64>>;

    /// Has the next reading of an object come from the medium and not from a cache of the system, so
    /// that verifying verifies the disk. Nothing to do where there is no such cache.
    fn forget_cached<'a>(&'a self, _key: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Begins an object whose name is known, on any store: it is to be published under `key`.
pub fn stage_as(store: &dyn Store, key: &str) -> Box<dyn Staged> {
    store.stage_named(key).unwrap_or_else(|| store.stage())
}

/// An object being written. Dropping it before [`Staged::publish`] takes back what was written.
pub trait Staged: Send {
    /// Appends bytes.
    fn write(&mut self, bytes: Vec<u8>) -> StoreFuture<'_, ()>;

    /// Appends the last bytes and makes the whole visible under `key`, at once or not at all.
    fn publish(self: Box<Self>, last: Vec<u8>, key: &str, how: Publish)
    -> StoreFuture<'static, ()>;
}

/// How an object becomes visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publish {
    /// Under a name never used before, and safe from a power cut when done. A taken name is
    /// refused with [`BlobError::Exists`].
    New,
    /// In place of what was there, and safe from a power cut when done.
    Replace,
    /// In place of what was there, soon safe: for what can be made again.
    Derived,
}

/// Part of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// The bytes asked for, as far as the object reaches.
    pub bytes: Vec<u8>,
    /// Size of the whole object in bytes.
    pub size: u64,
}

/// Size and age of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// Size in bytes, as stored.
    pub size: u64,
    /// When it was last written to, by the store's clock.
    pub modified: Timestamp,
}

/// One line of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Size and age.
    pub stat: Stat,
}
