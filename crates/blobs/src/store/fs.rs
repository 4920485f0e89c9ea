//! A folder.
//!
//! An object is written under `staging/`, synced, renamed to its name in one step that refuses to
//! replace, and then every directory on the way that may have changed is synced: only after that is
//! it told to be safe. All calls run on blocking threads, one hop for a whole read or publish.

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use domain::Timestamp;
use rustix::fs::Advice;

use crate::BlobError;
use crate::name::STAGING;

use super::{Entry, Publish, Slice, Staged, Stat, Store, StoreFuture};

mod durable;
mod list;
mod scratch;

use durable::DurableFolders;
pub(crate) use durable::{create_folder, sync_folder};
use scratch::Scratch;

/// Objects as files in a folder.
pub struct FolderStore(Arc<Folder>);

struct Folder {
    root: PathBuf,
    name: String,
    durable: DurableFolders,
    /// Number of the next staging file.
    next: AtomicU64,
}

impl FolderStore {
    /// Opens a folder, making it when it is not there.
    ///
    /// # Errors
    /// The folder cannot be made or written to.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, BlobError> {
        let root = root.into();
        let failed = |error| BlobError::io(format!("open {}", root.display()), error);
        create_folder(&root.join(STAGING)).map_err(failed)?;
        Ok(Self(Arc::new(Folder {
            name: format!("folder {}", root.display()),
            durable: DurableFolders::new(root.clone()),
            next: AtomicU64::new(0),
            root,
        })))
    }

    /// Runs `work` on a blocking thread.
    fn run<T: Send + 'static>(
        &self,
        action: &'static str,
        work: impl FnOnce(&Folder) -> io::Result<T> + Send + 'static,
    ) -> StoreFuture<'static, T> {
        let folder = Arc::clone(&self.0);
        Box::pin(async move {
            tokio::task::spawn_blocking(move || work(&folder))
                .await
                .map_err(BlobError::stopped)?
                .map_err(|error| BlobError::io(action, error))
        })
    }
}

impl Folder {
    /// Where `key` lies; never outside the folder.
    fn path(&self, key: &str) -> io::Result<PathBuf> {
        let path = Path::new(key);
        let inside = path.components().all(|c| matches!(c, Component::Normal(_)));
        if key.is_empty() || !inside {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{key:?} is not a path inside the folder"),
            ));
        }
        Ok(self.root.join(path))
    }
}

impl Store for FolderStore {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn stage(&self) -> Box<dyn Staged> {
        Box::new(StagedFile {
            folder: Arc::clone(&self.0),
            scratch: None,
        })
    }

    fn read<'a>(&'a self, key: &'a str, range: Range<u64>) -> StoreFuture<'a, Option<Slice>> {
        let key = key.to_owned();
        self.run("read an object", move |folder| {
            let Some(file) = present(File::open(folder.path(&key)?))? else {
                return Ok(None);
            };
            let size = file.metadata()?.len();
            let wanted = range.end.min(size).saturating_sub(range.start);
            let wanted = usize::try_from(wanted).map_err(io::Error::other)?;
            let bytes = read_at(&file, range.start, wanted)?;
            Ok(Some(Slice { bytes, size }))
        })
    }

    fn stat<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Stat>> {
        let key = key.to_owned();
        self.run("look at an object", move |folder| {
            let metadata = present(fs::metadata(folder.path(&key)?))?;
            metadata.map(|metadata| stat_of(&metadata)).transpose()
        })
    }

    fn delete<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool> {
        let key = key.to_owned();
        self.run("delete an object", move |folder| {
            Ok(present(fs::remove_file(folder.path(&key)?))?.is_some())
        })
    }

    fn list<'a>(
        &'a self,
        prefix: &'a str,
        after: Option<&'a str>,
        limit: usize,
    ) -> StoreFuture<'a, Vec<Entry>> {
        let prefix = prefix.to_owned();
        let after = after.unwrap_or_default().to_owned();
        self.run("list objects", move |folder| {
            list::list(&folder.root, &prefix, &after, limit)
        })
    }

    fn forget_cached<'a>(&'a self, key: &'a str) -> StoreFuture<'a, ()> {
        let key = key.to_owned();
        self.run("drop an object from memory", move |folder| {
            if let Some(file) = present(File::open(folder.path(&key)?))? {
                rustix::fs::fadvise(file, 0, None, Advice::DontNeed)?;
            }
            Ok(())
        })
    }

    fn free_space(&self) -> StoreFuture<'_, Option<u64>> {
        self.run("ask for free space", |folder| {
            let stat = rustix::fs::statvfs(&folder.root)?;
            // Room that nobody may write to is none; a file system turns so when its disk fails.
            if stat.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY) {
                return Err(io::ErrorKind::ReadOnlyFilesystem.into());
            }
            Ok(Some(stat.f_bavail.saturating_mul(stat.f_frsize)))
        })
    }
}

/// Up to `wanted` bytes from `start`, fewer where the file ends, in one call and without clearing
/// the memory first: `read_to_end` would feel its way in steps of 8 KiB and more.
fn read_at(file: &File, start: u64, wanted: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(wanted);
    while bytes.len() < wanted {
        let at = start + bytes.len() as u64;
        let read = rustix::io::retry_on_intr(|| {
            rustix::io::pread(file, rustix::buffer::spare_capacity(&mut bytes), at)
        })?;
        if read == 0 {
            break;
        }
    }
    // An allocator may give more room than was asked for.
    bytes.truncate(wanted);
    Ok(bytes)
}

/// Nothing there is an answer, not a failure.
fn present<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn stat_of(metadata: &fs::Metadata) -> io::Result<Stat> {
    let since = metadata
        .modified()?
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Ok(Stat {
        size: metadata.len(),
        modified: Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
    })
}

/// An object being written; the file is made with the first byte.
struct StagedFile {
    folder: Arc<Folder>,
    scratch: Option<Scratch>,
}

impl Staged for StagedFile {
    fn write(&mut self, bytes: Vec<u8>) -> StoreFuture<'_, ()> {
        // Taken along, so that a caller who goes away meanwhile leaves no file behind.
        let scratch = self.scratch.take();
        let folder = Arc::clone(&self.folder);
        Box::pin(async move {
            let written =
                tokio::task::spawn_blocking(move || Scratch::append(scratch, &folder, &bytes))
                    .await
                    .map_err(BlobError::stopped)?
                    .map_err(|error| BlobError::io("write an object", error))?;
            self.scratch = Some(written);
            Ok(())
        })
    }

    fn publish(
        self: Box<Self>,
        last: Vec<u8>,
        key: &str,
        how: Publish,
    ) -> StoreFuture<'static, ()> {
        let object = key.to_owned();
        let Self { folder, scratch } = *self;
        Box::pin(async move {
            let key = object.clone();
            let publish = move || {
                let scratch = Scratch::append(scratch, &folder, &last)?;
                scratch.publish(&folder, &key, how)
            };
            let done = tokio::task::spawn_blocking(publish)
                .await
                .map_err(BlobError::stopped)?;
            match done {
                Err(error)
                    if how == Publish::New && error.kind() == io::ErrorKind::AlreadyExists =>
                {
                    Err(BlobError::Exists { object })
                }
                done => done.map_err(|error| BlobError::io("publish an object", error)),
            }
        })
    }
}
