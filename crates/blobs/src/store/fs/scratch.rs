//! A file on its way into the folder.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use rustix::fs::{Advice, fadvise};

use crate::name::STAGING;
use crate::store::Publish;

use super::Folder;
use super::durable::{rename_without_replacing, sync_folder};

/// Bytes gathered before the disk is told to begin on them.
const WRITE_BACK: u64 = 8 * 1024 * 1024;

/// A file under `staging/`, removed when dropped.
pub struct Scratch {
    file: Option<File>,
    path: PathBuf,
    written: u64,
    /// Up to where the kernel was told to begin writing to the disk.
    written_back: u64,
}

impl Scratch {
    /// Appends to a scratch file, making it first where there is none.
    pub fn append(scratch: Option<Self>, folder: &Folder, bytes: &[u8]) -> io::Result<Self> {
        let mut scratch = match scratch {
            Some(scratch) => scratch,
            None => Self::create(folder)?,
        };
        scratch.file().write_all(bytes)?;
        scratch.written += bytes.len() as u64;
        scratch.write_back();
        Ok(scratch)
    }

    /// Makes a file of its own; leftovers of a crash keep their names.
    fn create(folder: &Folder) -> io::Result<Self> {
        loop {
            let number = folder.next.fetch_add(1, Ordering::Relaxed);
            let name = format!("{STAGING}{}-{number}", std::process::id());
            let path = folder.root.join(name);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => {
                    return Ok(Self {
                        file: Some(file),
                        path,
                        written: 0,
                        written_back: 0,
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Has the disk begin on what was written, so that the sync at the end finds little left to do.
    /// On Linux this advice starts the writing of dirty pages and drops none of them.
    fn write_back(&mut self) {
        let Some(len) = NonZeroU64::new(self.written - self.written_back) else {
            return;
        };
        if len.get() >= WRITE_BACK {
            let offset = self.written_back;
            if let Err(error) = fadvise(self.file(), offset, Some(len), Advice::DontNeed) {
                tracing::debug!(%error, "the file system takes no advice");
            }
            self.written_back = self.written;
        }
    }

    fn file(&mut self) -> &mut File {
        self.file.as_mut().expect("only taken when dropped")
    }

    /// Makes the file visible under `key`.
    pub fn publish(mut self, folder: &Folder, key: &str, how: Publish) -> io::Result<()> {
        let target = folder.path(key)?;
        let parent = target.parent().unwrap_or(&folder.root);
        if how == Publish::Derived {
            fs::create_dir_all(parent)?;
            fs::rename(&self.path, &target)?;
            self.path = PathBuf::new();
            return Ok(());
        }
        self.file().sync_all()?;
        folder.durable.ensure(parent)?;
        if how == Publish::New {
            rename_without_replacing(&self.path, &target)?;
        } else {
            fs::rename(&self.path, &target)?;
        }
        self.path = PathBuf::new();
        sync_folder(parent)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.path.as_os_str().is_empty() {
            return;
        }
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(path = %self.path.display(), %error, "staging file is left for the sweep");
        }
        // The name is gone; giving back the blocks of a large file takes longer, elsewhere.
        if let (Some(file), Ok(runtime)) = (self.file.take(), tokio::runtime::Handle::try_current())
        {
            runtime.spawn_blocking(move || drop(file));
        }
    }
}
