//! Finds the files: folders in full, hidden things left out, links not followed out of the folder.

use std::path::{Path, PathBuf};

use super::Found;

/// What lies below the given paths, each in the order of its name.
#[derive(Debug, Default)]
pub struct Walked {
    pub found: Vec<Found>,
    /// Left out on purpose, and why.
    pub skipped: Vec<(PathBuf, String)>,
    /// Could not be read.
    pub failed: Vec<(PathBuf, String)>,
}

/// Looks at every path. One that was named outright is taken even when it is hidden or a link.
pub fn walk(paths: &[PathBuf]) -> Walked {
    let mut walked = Walked::default();
    for path in paths {
        match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => folder(path, &mut walked),
            Ok(metadata) if metadata.is_file() => {
                walked.found.push(Found {
                    path: path.clone(),
                    size: metadata.len(),
                    beside: Vec::new(),
                });
            }
            Ok(_) => walked
                .skipped
                .push((path.clone(), "neither a file nor a folder".to_owned())),
            Err(error) => walked.failed.push((path.clone(), error.to_string())),
        }
    }
    let mut seen = std::collections::HashSet::new();
    walked.found.retain(|found| seen.insert(found.path.clone()));
    walked
}

fn folder(dir: &Path, walked: &mut Walked) {
    let entries = std::fs::read_dir(dir).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => {
            walked.failed.push((dir.to_owned(), error.to_string()));
            return;
        }
    };
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            walked.skipped.push((path, "hidden".to_owned()));
            continue;
        }
        match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => folder(&path, walked),
            Ok(metadata) if metadata.is_file() => walked.found.push(Found {
                path,
                size: metadata.len(),
                beside: Vec::new(),
            }),
            Ok(metadata) if metadata.is_symlink() => linked(path, walked),
            Ok(_) => walked
                .skipped
                .push((path, "neither a file nor a folder".to_owned())),
            Err(error) => walked.failed.push((path, error.to_string())),
        }
    }
}

/// A link to a file is that file; one to a folder could lead in circles.
fn linked(path: PathBuf, walked: &mut Walked) {
    match std::fs::metadata(&path) {
        Ok(metadata) if metadata.is_file() => walked.found.push(Found {
            path,
            size: metadata.len(),
            beside: Vec::new(),
        }),
        Ok(_) => walked.skipped.push((path, "a link to a folder".to_owned())),
        Err(_) => walked.skipped.push((path, "a link to nothing".to_owned())),
    }
}
