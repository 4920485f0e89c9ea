//! The file a child reads: written once, then sealed, so that what was checked is what is decoded
//! and no child can change it for another. Small ones lie in memory, large ones on disk without a
//! name, so that nothing is left behind whatever dies.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::{MemfdFlags, Mode, OFlags, SealFlags};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Error;

/// Bytes of the largest input that is held in memory.
pub const LARGEST_IN_MEMORY: u64 = 64 << 20;

/// Bytes that one permit of the disk budget stands for.
const UNIT: u64 = 1 << 20;

/// Makes inputs. Cloning shares the byte budget.
#[derive(Debug, Clone)]
pub struct Spool {
    dir: Arc<Path>,
    budget: Arc<Semaphore>,
    units: u32,
}

/// An input being written.
#[derive(Debug)]
pub struct InputWriter {
    file: File,
    announced: u64,
    given: u64,
    room: Option<OwnedSemaphorePermit>,
}

/// A finished input: read-only to everybody from here on.
#[derive(Debug)]
pub struct Input {
    file: File,
    size: u64,
    /// Its share of the disk budget, given back with it.
    room: Option<OwnedSemaphorePermit>,
}

impl Spool {
    /// `dir` takes nameless files of up to `budget` bytes together; it must be on a disk, not on a
    /// file system in memory.
    pub fn new(dir: PathBuf, budget: u64) -> Self {
        let units = u32::try_from(budget / UNIT).unwrap_or(u32::MAX);
        Self {
            dir: dir.into(),
            budget: Arc::new(Semaphore::new(units as usize)),
            units,
        }
    }

    /// Begins an input of exactly `size` bytes. Waits, first come first served, while the disk
    /// budget is taken. What lies in memory counts as part of the job it is for: see
    /// [`estimate`](crate::steps::estimate).
    pub async fn begin(&self, size: u64) -> Result<InputWriter, Error> {
        let (file, room) = if size <= LARGEST_IN_MEMORY {
            (
                in_memory().map_err(Error::machine("making a memory file"))?,
                None,
            )
        } else {
            let most = u64::from(self.units) * UNIT;
            let units = u32::try_from(size.div_ceil(UNIT)).ok();
            let units = units
                .filter(|units| *units <= self.units)
                .ok_or(Error::TooLarge { size, most })?;
            let room = Arc::clone(&self.budget).acquire_many_owned(units).await;
            let room = room.expect("the budget's semaphore is never closed");
            let file = nameless(&self.dir).map_err(Error::machine("making a file in the spool"))?;
            (file, Some(room))
        };
        Ok(InputWriter {
            file,
            announced: size,
            given: 0,
            room,
        })
    }
}

impl InputWriter {
    /// Adds the next bytes. Inputs above [`LARGEST_IN_MEMORY`] block on the disk: write those where
    /// blocking is allowed.
    pub fn write(&mut self, chunk: &[u8]) -> Result<(), Error> {
        self.given += chunk.len() as u64;
        if self.given > self.announced {
            return Err(self.wrong_size());
        }
        self.file
            .write_all(chunk)
            .map_err(Error::machine("writing a decoder's input"))
    }

    /// Ends writing. Fails when the bytes given are not as many as were announced.
    pub fn seal(self) -> Result<Input, Error> {
        if self.given != self.announced {
            return Err(self.wrong_size());
        }
        let file = if self.room.is_none() {
            let seals = SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
            rustix::fs::fcntl_add_seals(&self.file, seals)
                .map_err(Error::machine("sealing a memory file"))?;
            self.file
        } else {
            // The nameless file has no seals; a second, read-only opening takes their place.
            File::open(format!("/proc/self/fd/{}", self.file.as_raw_fd()))
                .map_err(Error::machine("opening a decoder's input for reading"))?
        };
        Ok(Input {
            file,
            size: self.announced,
            room: self.room,
        })
    }

    fn wrong_size(&self) -> Error {
        Error::WrongSize {
            announced: self.announced,
            given: self.given,
        }
    }
}

impl Input {
    /// Bytes in it.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Bytes of memory it takes, as far as it is not on disk.
    pub(crate) fn bytes_in_memory(&self) -> u64 {
        match self.room {
            None => self.size,
            Some(_) => 0,
        }
    }

    /// The descriptor a child gets.
    pub(crate) fn file(&self) -> &File {
        &self.file
    }
}

fn in_memory() -> io::Result<File> {
    let fd = rustix::fs::memfd_create("input", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
    Ok(File::from(fd))
}

/// A file without a name in `dir`; where the file system has none (NFS), one whose name is removed
/// at once.
fn nameless(dir: &Path) -> io::Result<File> {
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    match rustix::fs::open(dir, flags, Mode::RUSR | Mode::WUSR) {
        Ok(fd) => Ok(File::from(fd)),
        Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::ISDIR) => briefly_named(dir),
        Err(error) => Err(error.into()),
    }
}

fn briefly_named(dir: &Path) -> io::Result<File> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let path = dir.join(format!(".input-{}-{number}", std::process::id()));
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

#[cfg(test)]
mod tests;
