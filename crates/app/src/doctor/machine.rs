//! The machine: room, libraries, fonts, clock.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Finding;
use crate::config::Config;
use crate::output::size;

/// Below this many times the reserve, room gets scarce.
const SCARCE: u64 = 8;

/// No vault was built before this (2026-01-01), in seconds since the Unix epoch.
const EARLIEST: u64 = 1_767_225_600;

/// Where distributions keep libraries, beside the folders named after a machine.
const LIBRARIES: &[&str] = &["/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib"];

const FONTS: &[&str] = &["/usr/share/fonts", "/usr/local/share/fonts"];

pub fn space(config: &Config) -> Finding {
    const SUBJECT: &str = "disk";
    let there = config
        .data_dir
        .ancestors()
        .find(|dir| dir.exists())
        .unwrap_or(Path::new("/"));
    let reserve = config.service.min_free_space;
    let free = match rustix::fs::statvfs(there) {
        Ok(stat) => stat.f_bavail.saturating_mul(stat.f_frsize),
        Err(error) => {
            let words = format!("{}: {error}", there.display());
            return Finding::limited(SUBJECT, words, "its room could not be asked for");
        }
    };
    let words = format!("{} free ({} are kept free)", size(free), size(reserve));
    if free < reserve {
        Finding::broken(
            SUBJECT,
            words,
            "uploads are refused: make room, or lower min_free_space",
        )
    } else if free / SCARCE < reserve {
        Finding::limited(SUBJECT, words, "make room soon")
    } else {
        Finding::fine(SUBJECT, words)
    }
}

pub fn libheif() -> Finding {
    const SUBJECT: &str = "libheif";
    let own = |dir: &str| {
        std::fs::read_dir(dir)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
    };
    let folders = LIBRARIES
        .iter()
        .flat_map(|dir| own(dir).chain([PathBuf::from(dir)]));
    match folders
        .map(|dir| dir.join("libheif.so.1"))
        .find(|path| path.exists())
    {
        Some(path) => Finding::fine(SUBJECT, path.display().to_string()),
        None => Finding::limited(
            SUBJECT,
            "not found: HEIC and AVIF are kept, without a picture",
            "apt-get install libheif1, then retry the failed steps",
        ),
    }
}

pub fn fonts() -> Finding {
    const SUBJECT: &str = "fonts";
    if FONTS.iter().any(|dir| has_font(Path::new(dir), 4)) {
        return Finding::fine(SUBJECT, "there are some");
    }
    Finding::limited(
        SUBJECT,
        "none: text in SVG drawings stays invisible",
        "apt-get install fonts-dejavu-core",
    )
}

fn has_font(dir: &Path, depth: usize) -> bool {
    std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .any(|entry| {
            let path = entry.path();
            let font = path
                .extension()
                .is_some_and(|kind| ["ttf", "otf", "ttc"].iter().any(|known| kind == *known));
            font || (depth > 0 && path.is_dir() && has_font(&path, depth - 1))
        })
}

pub fn clock() -> Finding {
    const SUBJECT: &str = "clock";
    let now = SystemTime::UNIX_EPOCH
        .elapsed()
        .map_or(0, |since| since.as_secs());
    if now > EARLIEST {
        return Finding::fine(SUBJECT, "plausible");
    }
    let words = "it stands in the past: sessions, links and dates will be wrong";
    Finding::broken(SUBJECT, words, "set it: timedatectl set-ntp true")
}
