//! One process at a time works on a data directory.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::Error;

/// Proof that this process alone works on a data directory: an advisory lock (`flock(2)`) on
/// `<dir>/lock`, given back when the last clone is dropped, also by a crash.
#[derive(Debug, Clone)]
pub struct DataDirLock {
    dir: PathBuf,
    _file: Arc<File>,
}

impl DataDirLock {
    /// Takes the lock, creating the directory when it is not there.
    ///
    /// # Errors
    /// [`Error::InUse`] when another process (or another lock of this one) holds it,
    /// [`Error::Unavailable`] when the directory cannot be made or written.
    pub fn acquire(dir: &Path) -> Result<Self, Error> {
        let unusable =
            |error: std::io::Error| Error::Unavailable(format!("{}: {error}", dir.display()));
        // Nobody else on the machine has business with what people keep here. A directory that is
        // there already keeps the permissions its owner gave it.
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(dir)
            .map_err(unusable)?;
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(dir.join("lock"))
            .map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self {
                dir: dir.to_owned(),
                _file: Arc::new(file),
            }),
            Err(TryLockError::WouldBlock) => Err(Error::InUse(dir.to_owned())),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }

    /// The directory that is locked.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}
