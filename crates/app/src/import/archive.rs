//! One archive or unpacked folder of an export. Everything in it is taken for hostile: names that
//! lead elsewhere, files that unpack to more than they say, lists without end.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::result::ZipError;

use super::file::SharedFile;
use crate::output;

/// Most bytes read to learn what lies in an archive: some hundred thousand names.
const MAX_LISTING: u64 = 96 << 20;

/// Files larger than this must not unpack to more than [`MAX_RATIO`] times what is stored. Media
/// hardly shrinks; JSON has a limit of its own.
const SUSPICIOUS: u64 = 16 << 20;
const MAX_RATIO: u64 = 100;

/// Bytes handed on at a time.
const CHUNK: usize = 256 << 10;

/// An archive that was opened.
#[derive(Debug)]
pub struct Archive {
    /// Where it lies.
    pub path: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Zip(ZipArchive<SharedFile>),
    Folder(Vec<PathBuf>),
}

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Path inside the export.
    pub path: String,
    /// Bytes it says it has; it is never read further.
    pub size: u64,
    /// Tells different files under one path apart; a folder's files have none.
    pub crc: Option<u32>,
    /// Which archive it is in, by place in the list of archives.
    pub archive: usize,
    index: usize,
}

/// What lies in an archive: what can be read, and what cannot, with the reason.
#[derive(Debug, Default)]
pub struct Listing {
    /// Files.
    pub entries: Vec<Entry>,
    /// Path and reason.
    pub refused: Vec<(String, String)>,
}

impl Archive {
    /// Opens a ZIP archive, or looks through a folder.
    ///
    /// # Errors
    /// A sentence for the report.
    pub fn open(path: &Path) -> Result<Self, String> {
        let metadata = std::fs::metadata(path).map_err(|error| error.to_string())?;
        let kind = if metadata.is_dir() {
            let walked = crate::upload::files_below(path);
            Kind::Folder(walked)
        } else {
            Kind::Zip(open_zip(path)?)
        };
        Ok(Self {
            path: path.to_owned(),
            kind,
        })
    }

    /// What lies in it. `archive` is its place in the list of archives.
    pub fn list(&self, archive: usize) -> Listing {
        match &self.kind {
            Kind::Zip(zip) => list_zip(zip, archive),
            Kind::Folder(files) => list_folder(&self.path, files, archive),
        }
    }

    /// Hands on a file's bytes, piece by piece. It ends in an error unless exactly the bytes came
    /// that the archive promises.
    pub fn read(
        &self,
        entry: &Entry,
        mut each: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        match &self.kind {
            Kind::Zip(zip) => {
                let mut zip = zip.clone();
                let file = zip.by_index(entry.index).map_err(unzipped)?;
                pump(file, entry.size, &mut each)
            }
            Kind::Folder(files) => {
                let file = std::fs::File::open(&files[entry.index])?;
                pump(file, entry.size, &mut each)
            }
        }
    }

    /// All bytes of a small file.
    pub fn read_all(&self, entry: &Entry, most: u64) -> io::Result<Vec<u8>> {
        if entry.size > most {
            return Err(io::Error::other(format!(
                "larger than {}",
                output::size(most)
            )));
        }
        let mut bytes = Vec::new();
        self.read(entry, |chunk| {
            bytes.extend_from_slice(chunk);
            Ok(())
        })?;
        Ok(bytes)
    }
}

fn open_zip(path: &Path) -> Result<ZipArchive<SharedFile>, String> {
    let file = SharedFile::open(path, MAX_LISTING).map_err(|error| error.to_string())?;
    let limit = file.clone();
    let mut zip = ZipArchive::new(file).map_err(|error| match error {
        ZipError::Io(error) => format!("it cannot be read: {error}"),
        error => format!("not a whole ZIP archive ({error}); download it again"),
    })?;
    limit.unbound();
    // Many names for the same bytes: a small archive that never ends.
    match zip.has_overlapping_files() {
        Ok(false) => Ok(zip),
        Ok(true) => Err("its files overlap, as no export's do".to_owned()),
        Err(error) => Err(format!("not a whole ZIP archive ({error})")),
    }
}

fn list_zip(zip: &ZipArchive<SharedFile>, archive: usize) -> Listing {
    let mut listing = Listing::default();
    for index in 0..zip.len() {
        let Ok(file) = zip.by_index_data(index) else {
            continue;
        };
        if file.is_dir() {
            continue;
        }
        let name = match file.name() {
            Ok(name) => name.into_owned(),
            Err(_) => String::from_utf8_lossy(file.name_raw()).into_owned(),
        };
        let too_dense =
            file.size() > SUSPICIOUS && file.size() / file.compressed_size().max(1) > MAX_RATIO;
        let refusal = if file.enclosed_name().is_none() || name.contains('\\') {
            Some("its name leads out of the archive")
        } else if file.is_symlink() {
            Some("a link, not a file")
        } else if file.encrypted() {
            Some("it is encrypted")
        } else if too_dense {
            Some("it would unpack to far more than it is")
        } else {
            None
        };
        match refusal {
            Some(reason) => listing.refused.push((name, reason.to_owned())),
            None => listing.entries.push(Entry {
                path: name,
                size: file.size(),
                crc: Some(file.crc32()),
                archive,
                index,
            }),
        }
    }
    listing
}

/// A folder's files under the names they would have in an archive: with the folder's own name where
/// that is `Takeout`.
fn list_folder(root: &Path, files: &[PathBuf], archive: usize) -> Listing {
    let base = match root.file_name() {
        Some(name) if name == "Takeout" => root.parent().unwrap_or(root),
        _ => root,
    };
    let mut listing = Listing::default();
    for (index, file) in files.iter().enumerate() {
        let path = file.strip_prefix(base).unwrap_or(file);
        let path = path.to_string_lossy().into_owned();
        match file.metadata() {
            Ok(metadata) => listing.entries.push(Entry {
                path,
                size: metadata.len(),
                crc: None,
                archive,
                index,
            }),
            Err(error) => listing.refused.push((path, error.to_string())),
        }
    }
    listing
}

/// Reads at most one byte more than promised, so that a bomb costs nothing.
fn pump(
    file: impl io::Read,
    size: u64,
    each: &mut impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut file = file.take(size.saturating_add(1));
    let mut buffer = vec![0; CHUNK];
    let mut total = 0;
    loop {
        let read = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        total += read as u64;
        if total > size {
            break;
        }
        each(&buffer[..read])?;
    }
    match total == size {
        true => Ok(()),
        false => Err(io::Error::other("it has another size than it says")),
    }
}

fn unzipped(error: ZipError) -> io::Error {
    match error {
        ZipError::Io(error) => error,
        error => io::Error::other(error.to_string()),
    }
}
