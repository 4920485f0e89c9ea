//! No room left.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::{ManualClock, Timestamp};

use super::{KIB, TENANT, Vault, noise};
use crate::store::{Entry, Publish, Slice, Staged, Stat, Store, StoreFuture};
use crate::{BlobError, Encryption, Expect, FolderStore, MemoryStore};

/// A store that takes a number of bytes and no more.
struct Cramped {
    inner: MemoryStore,
    room: Arc<AtomicU64>,
}

struct CrampedStaged {
    inner: Box<dyn Staged>,
    room: Arc<AtomicU64>,
}

fn take(room: &AtomicU64, bytes: &[u8]) -> Result<(), BlobError> {
    let take = |room: u64| room.checked_sub(bytes.len() as u64);
    room.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take)
        .map(|_| ())
        .map_err(|_| BlobError::StorageFull)
}

impl Staged for CrampedStaged {
    fn write(&mut self, bytes: Vec<u8>) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            take(&self.room, &bytes)?;
            self.inner.write(bytes).await
        })
    }

    fn publish(
        self: Box<Self>,
        last: Vec<u8>,
        key: &str,
        how: Publish,
    ) -> StoreFuture<'static, ()> {
        match take(&self.room, &last) {
            Ok(()) => self.inner.publish(last, key, how),
            Err(full) => Box::pin(std::future::ready(Err(full))),
        }
    }
}

impl Store for Cramped {
    fn name(&self) -> &str {
        "cramped memory"
    }

    fn stage(&self) -> Box<dyn Staged> {
        Box::new(CrampedStaged {
            inner: self.inner.stage(),
            room: Arc::clone(&self.room),
        })
    }

    fn read<'a>(&'a self, key: &'a str, range: Range<u64>) -> StoreFuture<'a, Option<Slice>> {
        self.inner.read(key, range)
    }

    fn stat<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Stat>> {
        self.inner.stat(key)
    }

    fn delete<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        self.inner.delete(key)
    }

    fn list<'a>(
        &'a self,
        prefix: &'a str,
        after: Option<&'a str>,
        limit: usize,
    ) -> StoreFuture<'a, Vec<Entry>> {
        self.inner.list(prefix, after, limit)
    }

    fn free_space(&self) -> StoreFuture<'_, Option<u64>> {
        self.inner.free_space()
    }
}

async fn a_full_store_refuses_and_stays_whole(store: Arc<dyn Store>) {
    let vault = Vault::over(store, Encryption::Vault).await;
    let kept = vault.put(b"fits").await;
    let bytes = noise(4 * 1024 * KIB);
    let put = vault
        .put_in_pieces(&bytes, 64 * KIB, Expect::at_most(u64::MAX))
        .await;
    assert!(matches!(put, Err(BlobError::StorageFull)), "{put:?}");
    let derived = vault
        .gate
        .put_derived(TENANT, kept.sha256, "big", 1, bytes.into())
        .await;
    assert!(
        matches!(derived, Err(BlobError::StorageFull)),
        "{derived:?}"
    );
    assert_eq!(vault.keys().await, [kept.object.to_string()]);
    assert_eq!(vault.get(&kept.object, 4).await.unwrap(), b"fits");
    vault.put(b"fits, too").await;
}

#[tokio::test]
async fn wherever_the_room_ends() {
    let store = || {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(0)));
        MemoryStore::new(clock)
    };
    for room in [64 * KIB, 1024 * KIB, 1100 * KIB, 4000 * KIB] {
        let room = Arc::new(AtomicU64::new(room as u64));
        let inner = store();
        let cramped = Arc::new(Cramped { inner, room });
        let vault = Vault::over(cramped.clone(), Encryption::Vault).await;
        let bytes = noise(4 * 1024 * KIB);
        let put = vault
            .put_in_pieces(&bytes, 64 * KIB, Expect::at_most(u64::MAX))
            .await;
        assert!(matches!(put, Err(BlobError::StorageFull)), "{put:?}");
        assert_eq!(vault.keys().await, [""; 0]);
        cramped.room.store(u64::MAX, Ordering::SeqCst);
        vault.put(&bytes).await;
    }
}

/// A file system of 1 MiB, for as long as the value lives.
struct TinyDisk(
    PathBuf,
    #[expect(dead_code, reason = "keeps the mount point")] tempfile::TempDir,
);

impl TinyDisk {
    /// `None` where mounting is not permitted, as it is to root only.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_owned();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
            .arg(&path)
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then_some(Self(path, folder))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TinyDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("-l").arg(&self.0).status();
        assert!(unmounted.is_ok_and(|status| status.success()));
    }
}

#[tokio::test]
async fn a_full_disk() {
    let Some(disk) = TinyDisk::mount() else {
        eprintln!("mounting is not permitted here: only the memory store was filled");
        return;
    };
    let store = Arc::new(FolderStore::open(disk.path()).unwrap());
    a_full_store_refuses_and_stays_whole(store).await;
}
