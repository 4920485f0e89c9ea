//! Pictures that were asked for lately, and who may see them, kept in memory so that scrolling a grid
//! costs neither a query nor a decryption a picture.
//!
//! Two caches, because they end differently. Bytes are those of an object whose name is never used
//! for others, so they never become wrong; the least wanted give way when the room is used up. Where
//! an asset stands does change: an entry is believed for two seconds, as a session is, and forgotten
//! when the change log speaks of the asset, which on the node that wrote it is at once. What was read
//! under an older epoch is not remembered, so a read that was under way brings nothing back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use catalog::renditions::Shown;
use domain::{AssetId, TenantId, Timestamp};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// How long it is believed where an asset stands, in milliseconds.
const LIFE: i64 = 2_000;

/// Assets whose standing is remembered.
const STANDINGS: usize = 20_000;

/// What an entry takes beside its bytes.
const OVERHEAD: u64 = 256;

/// The caches of one node.
pub(crate) struct Shelf {
    standings: Cache<(TenantId, AssetId), (Arc<Shown>, Timestamp)>,
    pictures: Cache<String, Bytes, ByBytes>,
    /// Counts what was forgotten.
    epoch: AtomicU64,
}

/// The time of a read, in things forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Epoch(u64);

#[derive(Clone)]
struct ByBytes;

impl Weighter<String, Bytes> for ByBytes {
    fn weight(&self, object: &String, bytes: &Bytes) -> u64 {
        OVERHEAD + (object.len() + bytes.len()) as u64
    }
}

impl Shelf {
    /// Room for so many bytes of pictures.
    pub(crate) fn new(bytes: u64) -> Self {
        /// A thumbnail's usual size: how many entries to expect.
        const USUAL: u64 = 16 << 10;
        let entries = usize::try_from(bytes / USUAL).unwrap_or(usize::MAX);
        Self {
            standings: Cache::new(STANDINGS),
            pictures: Cache::with_weighter(entries.max(1), bytes, ByBytes),
            epoch: AtomicU64::new(0),
        }
    }

    /// Where an asset stands, if that was read less than two seconds before `now`.
    pub(crate) fn standing(
        &self,
        tenant: TenantId,
        asset: AssetId,
        now: Timestamp,
    ) -> Option<Arc<Shown>> {
        let (shown, read_at) = self.standings.get(&(tenant, asset))?;
        // A clock that was set back makes an entry old, not immortal.
        let age = now.millis().saturating_sub(read_at.millis());
        (0..LIFE).contains(&age).then_some(shown)
    }

    /// To be taken before reading what [`Shelf::keep_standing`] will remember.
    pub(crate) fn epoch(&self) -> Epoch {
        Epoch(self.epoch.load(Ordering::Acquire))
    }

    /// Remembers where an asset stood at `read_at`, unless anything was forgotten since `epoch`.
    pub(crate) fn keep_standing(
        &self,
        asset: AssetId,
        shown: Arc<Shown>,
        read_at: Timestamp,
        epoch: Epoch,
    ) {
        if epoch == self.epoch() {
            self.standings
                .insert((shown.tenant, asset), (shown, read_at));
        }
    }

    /// Something about the asset has changed.
    pub(crate) fn forget(&self, tenant: TenantId, asset: AssetId) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
        self.standings.remove(&(tenant, asset));
    }

    /// Many assets may stand elsewhere: something was put into a collection, or taken out of one.
    pub(crate) fn forget_standings(&self) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
        self.standings.clear();
    }

    /// The bytes of an object.
    pub(crate) fn picture(&self, object: &str) -> Option<Bytes> {
        self.pictures.get(object)
    }

    /// Keeps the bytes of an object as long as there is room.
    pub(crate) fn keep_picture(&self, object: &str, bytes: Bytes) {
        self.pictures.insert(object.to_owned(), bytes);
    }
}

#[cfg(test)]
mod tests;
