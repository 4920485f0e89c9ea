//! Joins the archives of one export.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::archive::{Archive, Entry};

/// An export, of all its parts.
#[derive(Debug, Default)]
pub struct Export {
    /// Its archives.
    pub archives: Vec<Archive>,
    /// Its files by path.
    pub entries: BTreeMap<String, Entry>,
    /// What could not be read, and what was there before: path, archive, whether something is lost
    /// by it, and the reason.
    pub left: Vec<Left>,
}

/// A file or archive that is not part of the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Path inside the export; that of the archive itself where all of it is left.
    pub path: String,
    /// The archive.
    pub archive: PathBuf,
    /// Something may be missing for it.
    pub lost: bool,
    /// Why.
    pub reason: String,
}

impl Export {
    /// Opens every archive, in any order. A folder with archives in it stands for those.
    pub fn open(paths: &[PathBuf]) -> Self {
        let mut export = Self::default();
        for path in paths.iter().flat_map(|path| parts(path)) {
            match Archive::open(&path) {
                Ok(archive) => export.add(archive),
                Err(reason) => export.left.push(Left {
                    path: path.to_string_lossy().into_owned(),
                    archive: path,
                    lost: true,
                    reason,
                }),
            }
        }
        export
    }

    fn add(&mut self, archive: Archive) {
        let listing = archive.list(self.archives.len());
        for (path, reason) in listing.refused {
            self.left.push(Left {
                path,
                archive: archive.path.clone(),
                lost: true,
                reason,
            });
        }
        for entry in listing.entries {
            let Some(first) = self.entries.get(&entry.path) else {
                self.entries.insert(entry.path.clone(), entry);
                continue;
            };
            let same = first.size == entry.size && first.crc.is_some() && first.crc == entry.crc;
            let reason = if same {
                "an earlier archive has the same file"
            } else {
                "an earlier archive has another file under this path: import this archive by itself"
            };
            self.left.push(Left {
                path: entry.path,
                archive: archive.path.clone(),
                lost: !same,
                reason: reason.to_owned(),
            });
        }
        self.archives.push(archive);
    }

    /// The archive a file lies in.
    pub fn archive(&self, entry: &Entry) -> &Archive {
        &self.archives[entry.archive]
    }
}

/// The archives a path stands for.
fn parts(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(path) else {
        return vec![path.to_owned()];
    };
    let is_zip = |path: &PathBuf| {
        path.extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
    };
    let mut zips: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(is_zip)
        .collect();
    zips.sort();
    if zips.is_empty() {
        vec![path.to_owned()]
    } else {
        zips
    }
}
