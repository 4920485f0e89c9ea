//! A folder of somebody else's: looked through and read, never written.
//!
//! What lies there may change at any time, and whoever may write there is not trusted: paths are resolved
//! by the kernel below the folder's own descriptor, without following links ([`openat2(2)`] with
//! `RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS`), and only regular files are opened. A file is given out as
//! the bytes that were once hashed only while its size and time of change are the same, before and after.
//!
//! [`openat2(2)`]: https://man7.org/linux/man-pages/man2/openat2.2.html

mod walk;

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use domain::Sha256;
use futures::{Stream, StreamExt, TryStreamExt, stream};
use rustix::fs::{CWD, FileType, Mode, OFlags, ResolveFlags, Stat};
use rustix::io::Errno;
use sha2::Digest;

use crate::BlobError;

pub use walk::Met;

/// Bytes read at a time.
const PIECE: u64 = 1 << 20;

/// Pieces read ahead of the receiver.
const AHEAD: usize = 2;

/// A folder that is read where it is.
#[derive(Debug, Clone)]
pub struct ExternalFolder {
    root: Arc<PathBuf>,
}

/// What tells whether a file is still the one it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// When it was last written to, in nanoseconds since the epoch.
    pub modified: i64,
}

impl Stamp {
    /// Of a file that could not be looked at.
    pub const UNKNOWN: Self = Self {
        size: 0,
        modified: 0,
    };
}

/// An open file.
#[derive(Debug, Clone)]
pub struct ExternalFile {
    file: Arc<File>,
    name: Arc<str>,
    stamp: Stamp,
}

impl ExternalFolder {
    /// The folder at `root`. Nothing is looked at yet.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self {
            root: Arc::new(root.into()),
        }
    }

    /// Opens a file below the folder; `None` when there is no regular file of that name.
    ///
    /// # Errors
    /// The folder or the file could not be read.
    pub async fn open(&self, path: &str) -> Result<Option<ExternalFile>, BlobError> {
        let (root, path) = (Arc::clone(&self.root), path.to_owned());
        tokio::task::spawn_blocking(move || open_file(&root, &path))
            .await
            .map_err(BlobError::stopped)?
            .map_err(|error| BlobError::io("read an external folder", error))
    }

    /// Everything below the folder, in the order of directories, in batches. Hidden files, links, and
    /// what other programs keep for themselves are left out. Ends in an error when the folder itself
    /// cannot be read.
    pub fn walk(&self) -> impl Stream<Item = Result<Vec<Met>, BlobError>> + Send + use<> {
        walk::walk(Arc::clone(&self.root))
    }
}

impl ExternalFile {
    /// What the file was when it was opened.
    pub const fn stamp(&self) -> Stamp {
        self.stamp
    }

    /// Bytes in `range`, which must lie within the size. The stream ends in an error when the file was
    /// changed meanwhile: its bytes would be a mixture.
    pub fn stream(
        &self,
        range: Range<u64>,
    ) -> impl Stream<Item = Result<Bytes, BlobError>> + Send + use<> {
        let starts = (range.start..range.end).step_by(PIECE as usize);
        let (this, end) = (self.clone(), range.end);
        let pieces = stream::iter(starts).map(move |start| {
            let file = this.clone();
            async move { file.piece(start..end.min(start + PIECE)).await }
        });
        let unchanged = {
            let file = self.clone();
            stream::once(async move { file.check().await })
                .try_filter_map(|()| std::future::ready(Ok(None)))
        };
        pieces.buffered(AHEAD).chain(unchanged)
    }

    async fn piece(self, range: Range<u64>) -> Result<Bytes, BlobError> {
        self.run(move |file| {
            let wanted = usize::try_from(range.end - range.start).map_err(io::Error::other)?;
            let mut bytes = vec![0; wanted];
            std::os::unix::fs::FileExt::read_exact_at(file, &mut bytes, range.start)?;
            Ok(bytes.into())
        })
        .await
    }

    async fn check(self) -> Result<(), BlobError> {
        let (name, stamp) = (Arc::clone(&self.name), self.stamp);
        let now = self
            .run(|file| Ok(stamp_of(&rustix::fs::fstat(file)?)))
            .await?;
        if now == stamp {
            return Ok(());
        }
        Err(BlobError::damaged(name, "it was changed while it was read"))
    }

    async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&File) -> io::Result<T> + Send + 'static,
    ) -> Result<T, BlobError> {
        tokio::task::spawn_blocking(move || work(&self.file))
            .await
            .map_err(BlobError::stopped)?
            .map_err(|error| BlobError::io("read an external file", error))
    }
}

/// Hashes a file's pieces on threads that may be busy.
#[derive(Default)]
pub struct Hasher(sha2::Sha256);

impl Hasher {
    /// Takes the next piece.
    ///
    /// # Errors
    /// The runtime is going down.
    pub async fn update(&mut self, piece: Bytes) -> Result<(), BlobError> {
        let mut hasher = std::mem::take(&mut self.0);
        let hash = move || {
            hasher.update(&piece);
            hasher
        };
        self.0 = tokio::task::spawn_blocking(hash)
            .await
            .map_err(BlobError::stopped)?;
        Ok(())
    }

    /// The digest of all pieces.
    pub fn finish(self) -> Sha256 {
        Sha256::from_bytes(self.0.finalize().into())
    }
}

/// The folder itself.
fn open_root(root: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(rustix::fs::openat(CWD, root, flags, Mode::empty())?)
}

/// Something below the folder, without following any link.
fn open_beneath(root: &OwnedFd, path: &str, flags: OFlags) -> io::Result<OwnedFd> {
    let beneath = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    // A pipe must not make us wait for its writer.
    let flags = flags | OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
    let opened = rustix::io::retry_on_intr(|| {
        rustix::fs::openat2(root, path, flags, Mode::empty(), beneath)
    });
    Ok(opened?)
}

fn open_file(root: &Path, path: &str) -> io::Result<Option<ExternalFile>> {
    let root = open_root(root)?;
    let file = match open_beneath(&root, path, OFlags::empty()) {
        Ok(file) => file,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let stat = rustix::fs::fstat(&file)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Ok(None);
    }
    Ok(Some(ExternalFile {
        file: Arc::new(file.into()),
        name: path.into(),
        stamp: stamp_of(&stat),
    }))
}

/// Nothing there, a link in the way, or a path that leads out: for us there is no such file.
fn is_absent(error: &io::Error) -> bool {
    let code = error.raw_os_error().map(Errno::from_raw_os_error);
    matches!(
        code,
        Some(Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::XDEV | Errno::NXIO)
    )
}

fn stamp_of(stat: &Stat) -> Stamp {
    let nanos = i64::try_from(stat.st_mtime_nsec).unwrap_or(0);
    Stamp {
        size: u64::try_from(stat.st_size).unwrap_or(0),
        modified: stat
            .st_mtime
            .saturating_mul(1_000_000_000)
            .saturating_add(nanos),
    }
}

#[cfg(test)]
mod tests;
