//! Another time of day for one process, by Debian's `libfaketime`.

use std::path::{Path, PathBuf};

/// Behind every grace the vault gives to what nobody refers to.
pub(crate) const LATER: &str = "+3d";

/// Variables that shift a process's wall clock by a constant such as `+3d`; its stop-watch goes on.
pub(crate) fn shifted(by: &str) -> Vec<(String, String)> {
    let mut all = library();
    all.push(("FAKETIME".to_owned(), by.to_owned()));
    all
}

/// Variables that have a process read its wall clock's shift from a file, whenever it looks at the clock.
pub(crate) fn told_by(file: &Path) -> Vec<(String, String)> {
    let mut all = library();
    let file = file.to_str().expect("UTF-8").to_owned();
    all.push(("FAKETIME_TIMESTAMP_FILE".to_owned(), file));
    all.push(("FAKETIME_NO_CACHE".to_owned(), "1".to_owned()));
    all
}

fn library() -> Vec<(String, String)> {
    let found = std::fs::read_dir("/usr/lib")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("faketime/libfaketime.so.1")))
        .chain([PathBuf::from("/usr/lib/faketime/libfaketime.so.1")])
        .find(|path| path.is_file())
        .expect("libfaketime is needed for this test: apt-get install faketime");
    let path = found.to_str().expect("UTF-8").to_owned();
    vec![
        ("LD_PRELOAD".to_owned(), path),
        ("FAKETIME_DONT_FAKE_MONOTONIC".to_owned(), "1".to_owned()),
        // Children do not agree on a start among each other.
        ("FAKETIME_DONT_RESET".to_owned(), "1".to_owned()),
    ]
}
