//! Listing a tree of directories in the byte order of full paths, a page at a time.

use std::fs;
use std::io;
use std::path::Path;

use crate::store::Entry;

use super::{present, stat_of};

/// Made by the system in the root of a disk, and closed to us.
const LOST_AND_FOUND: &str = "lost+found";

/// Up to `limit` files below `prefix` whose paths lie behind `after`.
pub fn list(root: &Path, prefix: &str, after: &str, limit: usize) -> io::Result<Vec<Entry>> {
    let mut page = Page {
        root,
        after,
        limit,
        entries: Vec::new(),
    };
    page.walk(prefix)?;
    Ok(page.entries)
}

struct Page<'a> {
    root: &'a Path,
    after: &'a str,
    limit: usize,
    entries: Vec<Entry>,
}

impl Page<'_> {
    /// Adds what lies in `folder`, which is empty or ends with a slash.
    fn walk(&mut self, folder: &str) -> io::Result<()> {
        for name in self.names(folder)? {
            if self.entries.len() >= self.limit {
                break;
            }
            let key = format!("{folder}{name}");
            if key.ends_with('/') {
                // A directory wholly before the cursor need not be opened.
                if key.as_str() > self.after || self.after.starts_with(&key) {
                    self.walk(&key)?;
                }
            } else if key.as_str() > self.after {
                // Deleted since it was listed: not there.
                if let Some(metadata) = present(fs::symlink_metadata(self.root.join(&key)))? {
                    let stat = stat_of(&metadata)?;
                    self.entries.push(Entry { key, stat });
                }
            }
        }
        Ok(())
    }

    /// Names in `folder` in order, directories with a slash at the end. Names that are not UTF-8
    /// are nobody's objects and are left out.
    fn names(&self, folder: &str) -> io::Result<Vec<String>> {
        let Some(entries) = present(fs::read_dir(self.root.join(folder)))? else {
            return Ok(Vec::new());
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry?;
            let Ok(mut name) = entry.file_name().into_string() else {
                continue;
            };
            if folder.is_empty() && name == LOST_AND_FOUND {
                continue;
            }
            if entry.file_type()?.is_dir() {
                name.push('/');
            }
            names.push(name);
        }
        names.sort_unstable();
        Ok(names)
    }
}
