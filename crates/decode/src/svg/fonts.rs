//! The system's fonts, read into memory: inside the sandbox there are no files.

use std::path::{Path, PathBuf};

use resvg::usvg::fontdb::Database;

/// Where Linux distributions keep fonts.
const FOLDERS: &[&str] = &["/usr/share/fonts", "/usr/local/share/fonts"];
/// Families that are read first, because drawings without fonts of their own are made for them.
const PREFERRED: &[&str] = &[
    "DejaVuSans",
    "LiberationSans",
    "LiberationSerif",
    "DejaVuSerif",
    "NotoSans-",
];
/// Bytes of fonts kept; every decoder process shares them.
const BUDGET: u64 = 12 << 20;
const MAX_FILES: usize = 5000;
const MAX_DEPTH: usize = 6;

/// Reads fonts up to the budget.
pub(super) fn of_the_system() -> Database {
    let mut files = Vec::new();
    for folder in FOLDERS {
        collect(Path::new(folder), MAX_DEPTH, &mut files);
    }
    files.sort_by_key(|(path, size)| (rank(path), *size));
    let mut fonts = Database::new();
    let mut left = BUDGET;
    for (path, size) in files {
        if size <= left
            && let Ok(bytes) = std::fs::read(&path)
        {
            left -= size;
            fonts.load_font_data(bytes);
        }
    }
    for set in [
        Database::set_sans_serif_family,
        Database::set_cursive_family,
        Database::set_fantasy_family,
    ] {
        set(&mut fonts, "DejaVu Sans".to_owned());
    }
    fonts.set_serif_family("DejaVu Serif");
    fonts.set_monospace_family("DejaVu Sans Mono");
    fonts
}

/// Position in the list of preferred families, upright before slanted.
fn rank(path: &Path) -> usize {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    PREFERRED
        .iter()
        .position(|family| name.starts_with(family))
        .unwrap_or(PREFERRED.len())
}

/// Font files below a folder, with their sizes. What cannot be read is not there.
fn collect(folder: &Path, depth: usize, files: &mut Vec<(PathBuf, u64)>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        if metadata.is_dir() && depth > 0 {
            collect(&path, depth - 1, files);
        } else if is_font(&path) && files.len() < MAX_FILES {
            files.push((path, metadata.len()));
        }
    }
}

fn is_font(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| matches!(extension, "ttf" | "otf" | "ttc"))
}
