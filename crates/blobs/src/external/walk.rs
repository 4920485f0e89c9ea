//! Looking through a folder: a thread reads directories, one after the other and each in the order of its
//! names, and hands over what it met in batches that wait to be taken.

use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::Arc;

use futures::{Stream, stream};
use rustix::fs::{AtFlags, Dir, FileType, OFlags};
use tokio::sync::mpsc;

use super::{Stamp, open_beneath, open_root, stamp_of};
use crate::BlobError;

/// Entries handed over at a time.
const BATCH: usize = 256;

/// Batches waiting to be taken.
const WAITING: usize = 4;

/// How deep directories are followed: further down lies a mistake, not a library.
const DEPTH: usize = 64;

/// Directories in which other programs keep what is not the user's.
const FOREIGN: &[&str] = &[
    "@eaDir",
    "#recycle",
    "#snapshot",
    "$RECYCLE.BIN",
    "System Volume Information",
    "lost+found",
];

/// Something met on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Met {
    /// A regular file.
    File {
        /// Below the folder, parts separated by slashes.
        path: String,
        /// What it is just now.
        stamp: Stamp,
    },
    /// A directory that could not be read: nothing is known of what lies in it.
    Unreadable {
        /// Below the folder.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// A file whose name is not UTF-8; it is not taken in.
    Misnamed {
        /// As far as it can be written.
        path: String,
    },
}

type Batch = Result<Vec<Met>, BlobError>;

/// Begins to look through the folder at `root`.
pub(super) fn walk(root: Arc<PathBuf>) -> impl Stream<Item = Batch> + Send + use<> {
    let (sender, receiver) = mpsc::channel(WAITING);
    // A receiver that goes away ends the thread at its next batch.
    tokio::task::spawn_blocking(move || {
        let mut walk = Walk {
            batch: Vec::with_capacity(BATCH),
            sender,
        };
        let walked = open_root(&root).and_then(|root| walk.all(&root));
        let last = match walked {
            Ok(()) => Ok(std::mem::take(&mut walk.batch)),
            Err(error) => Err(BlobError::io("look through an external folder", error)),
        };
        // Whoever has gone away wants nothing any more.
        let _ = walk.sender.blocking_send(last);
    });
    stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|batch| (batch, receiver))
    })
}

struct Walk {
    batch: Vec<Met>,
    sender: mpsc::Sender<Batch>,
}

/// The names in a directory.
#[derive(Default)]
struct Names {
    files: Vec<String>,
    directories: Vec<String>,
    misnamed: Vec<String>,
}

impl Walk {
    fn all(&mut self, root: &OwnedFd) -> io::Result<()> {
        // Depth first, the next directory on top.
        let mut waiting = vec![String::new()];
        while let Some(path) = waiting.pop() {
            let names = match directory(root, &path) {
                Ok(names) => names,
                Err(error) if path.is_empty() => return Err(error),
                Err(error) => {
                    self.met(Met::Unreadable {
                        reason: error.to_string(),
                        path,
                    })?;
                    continue;
                }
            };
            for name in names.misnamed {
                self.met(Met::Misnamed {
                    path: below(&path, &name),
                })?;
            }
            for name in names.files {
                let path = below(&path, &name);
                match rustix::fs::statat(root, path.as_str(), AtFlags::SYMLINK_NOFOLLOW) {
                    Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile => {
                        let stamp = stamp_of(&stat);
                        self.met(Met::File { path, stamp })?;
                    }
                    // Gone again, or no file any more.
                    Ok(_) | Err(_) => {}
                }
            }
            if path.split('/').count() < DEPTH {
                let deeper = names.directories.iter().rev();
                waiting.extend(deeper.map(|name| below(&path, name)));
            }
        }
        Ok(())
    }

    fn met(&mut self, met: Met) -> io::Result<()> {
        self.batch.push(met);
        if self.batch.len() < BATCH {
            return Ok(());
        }
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.sender
            .blocking_send(Ok(batch))
            .map_err(|_| io::Error::other("nobody wants to know any more"))
    }
}

fn below(directory: &str, name: &str) -> String {
    if directory.is_empty() {
        return name.to_owned();
    }
    format!("{directory}/{name}")
}

fn directory(root: &OwnedFd, path: &str) -> io::Result<Names> {
    let path = if path.is_empty() { "." } else { path };
    let opened = open_beneath(root, path, OFlags::DIRECTORY)?;
    let mut names = Names::default();
    for entry in Dir::new(opened)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().to_str() else {
            let name = entry.file_name().to_string_lossy().into_owned();
            names.misnamed.push(name);
            continue;
        };
        if name.starts_with('.') || FOREIGN.contains(&name) {
            continue;
        }
        match entry.file_type() {
            FileType::RegularFile => names.files.push(name.to_owned()),
            FileType::Directory => names.directories.push(name.to_owned()),
            // Some file systems do not tell here.
            FileType::Unknown => match rustix::fs::statat(
                root,
                below(if path == "." { "" } else { path }, name).as_str(),
                AtFlags::SYMLINK_NOFOLLOW,
            ) {
                Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::Directory => {
                    names.directories.push(name.to_owned());
                }
                Ok(_) => names.files.push(name.to_owned()),
                Err(_) => {}
            },
            _ => {}
        }
    }
    names.files.sort_unstable();
    names.directories.sort_unstable();
    names.misnamed.sort_unstable();
    Ok(names)
}
