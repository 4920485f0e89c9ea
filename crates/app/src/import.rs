//! Brings in what another service, or another vault, exported: read where it lies, in archives or an
//! unpacked folder, and never unpacked to disk.
//!
//! [`archive`] reads and distrusts, [`gather`] joins the parts of an export, [`takeout`] and [`vault`]
//! make tasks of it, [`bring`] carries them out, [`albums`] and [`tree`] make collections, [`report`] explains every file.

pub mod albums;
mod archive;
mod bring;
mod file;
mod gather;
mod report;
pub mod takeout;
mod tree;
pub mod vault;

#[cfg(test)]
mod tests;

pub use report::{Format, Report};

use crate::upload::Style;

/// How a run goes about it.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Files hashed and sent at the same time.
    pub jobs: usize,
    /// Attempts after the first, for each file.
    pub retries: u32,
    /// Ask the vault what it has, and send nothing.
    pub dry_run: bool,
    /// How progress is shown.
    pub style: Style,
    /// Name files that went well, too.
    pub verbose: bool,
    /// Make collections of albums.
    pub albums: bool,
    /// Bring in what lay in the trash, into the trash.
    pub trashed: bool,
}
