//! What a Google Takeout of photos means: which file is what, what its JSON says, which folders are
//! albums. Names and texts in, a plan out; no I/O, so that command line and page share one reading.
//!
//! Takeout splits a library over archives without regard to what belongs together: plan over the
//! files of all of them. Matching happens within a folder; only albums reach over folders.

mod album;
mod folder;
mod name;
mod note;
mod pair;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use album::Album;
pub use note::{Moment, Note, Photo};

use folder::Place as FolderPlace;

/// Most text of one JSON file, in bytes. Takeout's own have a few thousand.
pub const MAX_NOTE: u64 = 1 << 20;

/// A file of the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path inside the archives, with `/` between folders.
    pub path: String,
    /// Bytes.
    pub size: u64,
}

/// What a JSON file of the export says.
#[derive(Debug, Clone, PartialEq)]
pub struct Sidecar {
    /// Path inside the archives.
    pub path: String,
    /// Its text, read by [`Note::read`].
    pub note: Note,
}

/// What to do with an export. Every file is in `items` (itself or as `motion`) or in `ignored`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// Files to bring in, in the order of their paths.
    pub items: Vec<Item>,
    /// The other files, with the reason, in the order of their paths.
    pub ignored: Vec<Ignored>,
    /// Albums with what lies in them, in the order of their names.
    pub albums: Vec<Album>,
}

/// A file to bring in.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Where it is.
    pub path: String,
    /// Name it had before Takeout cut or replaced characters.
    pub file_name: String,
    /// Album of its folder.
    pub album: Option<String>,
    /// What its JSON says.
    pub photo: Photo,
    /// The JSON that says so.
    pub sidecar: Option<String>,
    /// The moving part of a Live or motion photo.
    pub motion: Option<String>,
    /// Why it comes without what Google knew of it.
    pub reason: Option<Reason>,
}

/// A file that is not brought in as one of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// Where it is.
    pub path: String,
    /// Why.
    pub reason: Reason,
}

/// Why a file is treated otherwise than as a photograph with its JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// A media file without JSON: it is brought in as it is.
    NoJson,
    /// Its text was read and goes with a file.
    Applied,
    /// It describes an album or a folder.
    Folder,
    /// It describes a file that is not among those given.
    NoMedia,
    /// It describes a file that lies in another folder, and puts that into this folder's album.
    AlbumEntry,
    /// JSON that cannot be read.
    Unreadable,
    /// JSON about something else than a photograph.
    OtherJson,
    /// Not a photograph, video or audio by its name.
    NotMedia,
    /// It belongs to another product of the export than photos.
    OtherProduct,
    /// The same path was given before.
    Repeated,
}

impl Reason {
    /// Stable word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoJson => "no_json",
            Self::Applied => "applied",
            Self::Folder => "folder",
            Self::NoMedia => "no_media",
            Self::AlbumEntry => "album_entry",
            Self::Unreadable => "unreadable",
            Self::OtherJson => "other_json",
            Self::NotMedia => "not_media",
            Self::OtherProduct => "other_product",
            Self::Repeated => "repeated",
        }
    }

    /// One sentence for people.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NoJson => "No JSON belongs to it: it comes with what the file itself says.",
            Self::Applied => "What it says goes with its photo.",
            Self::Folder => "It describes its folder.",
            Self::NoMedia => {
                "It describes a file that is not here. Another part of the export may have it."
            }
            Self::AlbumEntry => "It puts a photo of another folder into this album.",
            Self::Unreadable => "It is JSON that cannot be read.",
            Self::OtherJson => "It is about something else than a photo.",
            Self::NotMedia => "It is not a photo, video or recording.",
            Self::OtherProduct => "It belongs to another product than Google Photos.",
            Self::Repeated => "An earlier archive has the same path.",
        }
    }
}

/// Reads an export. The answer depends on the set of files, not on their order.
pub fn plan(files: &[File], sidecars: &[Sidecar]) -> Plan {
    let mut plan = Plan::default();
    let (paths, notes) = distinct(files, sidecars, &mut plan);
    let products = folder::products(&notes);
    let mut folders: BTreeMap<&str, pair::Folder<'_>> = BTreeMap::new();
    for path in paths {
        let (dir, name) = name::split(path);
        if !products.holds(path) {
            plan.ignore(path, Reason::OtherProduct);
        } else if let Some(note) = notes.get(path) {
            let folder = folders.entry(dir).or_default();
            folder.add_note(path, name, note);
        } else if name::is_media(name) {
            folders.entry(dir).or_default().add_media(path, name);
        } else {
            let json = name.to_lowercase().ends_with(".json");
            let reason = if json {
                Reason::Unreadable
            } else {
                Reason::NotMedia
            };
            plan.ignore(path, reason);
        }
    }
    let (mut lost, mut descriptions) = (Vec::new(), BTreeMap::new());
    for (dir, folder) in &folders {
        let place = FolderPlace::of(dir, folder.described());
        if let Some((title, description)) = place.description() {
            descriptions.entry(title).or_insert(description);
        }
        lost.extend(folder.settle(&place, &mut plan));
    }
    plan.items.sort_by(|a, b| a.path.cmp(&b.path));
    album::gather(&mut plan, lost, descriptions);
    plan.ignored.sort_by(|a, b| a.path.cmp(&b.path));
    plan
}

/// Every path once and in order, whatever is given twice.
fn distinct<'a>(
    files: &'a [File],
    sidecars: &'a [Sidecar],
    plan: &mut Plan,
) -> (BTreeSet<&'a str>, BTreeMap<&'a str, &'a Note>) {
    let mut notes = BTreeMap::new();
    for sidecar in sidecars {
        notes.entry(sidecar.path.as_str()).or_insert(&sidecar.note);
    }
    let mut paths = BTreeSet::new();
    for file in files {
        if !paths.insert(file.path.as_str()) {
            plan.ignore(&file.path, Reason::Repeated);
        }
    }
    paths.extend(notes.keys());
    (paths, notes)
}

impl Plan {
    fn ignore(&mut self, path: &str, reason: Reason) {
        self.ignored.push(Ignored {
            path: path.to_owned(),
            reason,
        });
    }
}
