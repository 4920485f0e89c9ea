//! Directories that survive a power cut, and renaming that never replaces.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::{CWD, RenameFlags, renameat_with};

/// How many directories are remembered: a tenant's full tree.
const REMEMBERED: usize = 66_000;

/// Makes directories and remembers which of them are known to be safe.
///
/// A directory found to exist may have been made a moment ago by someone whose sync is still under
/// way, so existence alone is not enough: it counts as safe once its parent was synced by us.
pub struct DurableFolders {
    root: PathBuf,
    safe: Mutex<HashSet<PathBuf>>,
}

impl DurableFolders {
    /// `root` exists and is safe.
    pub fn new(root: PathBuf) -> Self {
        Self {
            root,
            safe: Mutex::default(),
        }
    }

    /// Makes `folder` and what is missing above it, and syncs every parent not known to be synced.
    pub fn ensure(&self, folder: &Path) -> io::Result<()> {
        if folder == self.root || self.safe().contains(folder) {
            return Ok(());
        }
        let parent = folder
            .parent()
            .ok_or_else(|| io::Error::other("a directory outside the folder"))?;
        self.ensure(parent)?;
        make(folder)?;
        sync_folder(parent)?;
        let mut safe = self.safe();
        if safe.len() >= REMEMBERED {
            safe.clear();
        }
        safe.insert(folder.to_owned());
        Ok(())
    }

    fn safe(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        self.safe.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes a directory and what is missing above it, safe from a power cut when done.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    let folder = std::path::absolute(folder)?;
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        create_folder(parent)?;
        make(&folder)?;
        sync_folder(parent)?;
    }
    Ok(())
}

/// Makes the names in a directory safe from a power cut.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Makes one directory, unless it is there.
fn make(folder: &Path) -> io::Result<()> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Renames in one step, failing with `AlreadyExists` when `to` is there.
pub fn rename_without_replacing(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Some network and user-space file systems know no such rename; a hard link is as atomic.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
            fs::hard_link(from, to)?;
            fs::remove_file(from)
        }
        done => Ok(done?),
    }
}

#[cfg(test)]
mod tests;
