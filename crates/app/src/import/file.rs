//! One open file that many readers read from, each at a place of its own.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A reader of a shared file. Clones begin where the original stands.
#[derive(Debug, Clone)]
pub struct SharedFile {
    file: Arc<File>,
    size: u64,
    at: u64,
    /// Bytes that may still be read.
    budget: Arc<AtomicU64>,
}

impl SharedFile {
    /// Opens a file of which at most `budget` bytes are read until [`SharedFile::unbound`].
    pub fn open(path: &std::path::Path, budget: u64) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(io::Error::other("not a file"));
        }
        Ok(Self {
            size: metadata.len(),
            file: Arc::new(file),
            at: 0,
            budget: Arc::new(AtomicU64::new(budget)),
        })
    }

    /// Takes the limit off this reader and all its clones.
    pub fn unbound(&self) {
        self.budget.store(u64::MAX, Ordering::Relaxed);
    }

    fn spend(&self, bytes: usize) -> io::Result<()> {
        let left = self.budget.load(Ordering::Relaxed);
        if left == u64::MAX {
            return Ok(());
        }
        let left = left
            .checked_sub(bytes as u64)
            .ok_or_else(|| io::Error::other("its list of files is too large"))?;
        self.budget.store(left, Ordering::Relaxed);
        Ok(())
    }
}

impl Read for SharedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, self.at)?;
        self.spend(read)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for SharedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
