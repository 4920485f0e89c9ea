//! Files that may still be written to. One is ready when it, and all that bear its name beside it, have
//! been the same for a while: cameras and phones write a photo, its moving part and its sidecar one after
//! the other.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::super::walk;

/// How long a file has to be the same.
const QUIET: Duration = Duration::from_secs(2);

/// What tells whether a file is still the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// When it was last written to, where the file system tells.
    pub modified: Option<SystemTime>,
}

/// A file as it was last seen, and since when it is that.
#[derive(Debug, Clone, Copy)]
struct Seen {
    stamp: Option<Stamp>,
    since: Instant,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Settling {
    files: BTreeMap<PathBuf, Seen>,
}

impl Settling {
    /// Everything below these paths may have changed.
    pub fn look_through(&mut self, roots: &[PathBuf], now: Instant) {
        for found in walk::walk(roots).found {
            self.note(found.path, now);
        }
    }

    /// Something happened to a file or a folder below one of the roots.
    pub fn touched(&mut self, path: PathBuf, roots: &[PathBuf], now: Instant) {
        if is_hidden(&path, roots) {
            return;
        }
        if path.is_dir() {
            // What was moved in as a whole is told as one.
            self.look_through(&[path], now);
        } else {
            self.note(path, now);
        }
    }

    /// These were not sent after all.
    pub fn again(&mut self, paths: Vec<PathBuf>, now: Instant) {
        for path in paths {
            self.note(path, now);
        }
    }

    fn note(&mut self, path: PathBuf, now: Instant) {
        let fresh = Seen {
            stamp: None,
            since: now,
        };
        self.files.insert(path, fresh);
    }

    /// Looks at the files again, and gives those that are ready with whatever bears their names, for the
    /// pairs to find each other. Those that are gone are forgotten.
    pub fn ready(&mut self, now: Instant, stamp: impl Fn(&Path) -> Option<Stamp>) -> Vec<PathBuf> {
        self.files.retain(|path, seen| {
            let Some(found) = stamp(path) else {
                return false;
            };
            if seen.stamp != Some(found) {
                *seen = Seen {
                    stamp: Some(found),
                    since: now,
                };
            }
            true
        });
        let mut quiet: HashMap<PathBuf, bool> = HashMap::new();
        for (path, seen) in &self.files {
            let is_quiet = now.saturating_duration_since(seen.since) >= QUIET;
            let all = quiet.entry(name(path)).or_insert(true);
            *all = *all && is_quiet;
        }
        let ready: HashSet<&PathBuf> = quiet
            .iter()
            .filter(|(_, quiet)| **quiet)
            .map(|(name, _)| name)
            .collect();
        let mut files: Vec<PathBuf> = Vec::new();
        self.files.retain(|path, _| {
            let goes = ready.contains(&name(path));
            if goes {
                files.push(path.clone());
            }
            !goes
        });
        with_namesakes(files)
    }
}

/// The files, and those beside them that bear the same names.
fn with_namesakes(files: Vec<PathBuf>) -> Vec<PathBuf> {
    let names: HashSet<PathBuf> = files.iter().map(|path| name(path)).collect();
    let folders: HashSet<&Path> = files.iter().filter_map(|path| path.parent()).collect();
    let mut all: Vec<PathBuf> = folders
        .into_iter()
        .flat_map(|folder| std::fs::read_dir(folder).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .filter(|path| names.contains(&name(path)) && path.is_file())
        .collect();
    all.extend(files);
    all.sort();
    all.dedup();
    all
}

/// What belongs together bears one name: `IMG_1` of `IMG_1.HEIC`, `IMG_1.MOV` and `IMG_1.HEIC.xmp`.
fn name(path: &Path) -> PathBuf {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = file.split('.').next().unwrap_or_default();
    path.with_file_name(stem)
}

/// Whether a path, or a folder on its way below the root, begins with a dot. A root may be named so.
fn is_hidden(path: &Path, roots: &[PathBuf]) -> bool {
    let below = roots.iter().find_map(|root| path.strip_prefix(root).ok());
    below
        .unwrap_or(path)
        .components()
        .any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."))
}

#[cfg(test)]
mod tests;
