use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{Settling, Stamp};

/// A file system whose files have sizes, and a clock that stands still.
struct Disk {
    sizes: HashMap<PathBuf, u64>,
    now: Instant,
}

impl Disk {
    fn new() -> Self {
        Self {
            sizes: HashMap::new(),
            now: Instant::now(),
        }
    }

    fn write(&mut self, settling: &mut Settling, path: &str, size: u64) {
        self.sizes.insert(PathBuf::from(path), size);
        settling.touched(PathBuf::from(path), &[PathBuf::from("/photos")], self.now);
    }

    /// What is ready after so many milliseconds.
    fn after(&mut self, settling: &mut Settling, millis: u64) -> Vec<String> {
        self.now += Duration::from_millis(millis);
        let stamp = |path: &Path| {
            self.sizes.get(path).map(|size| Stamp {
                size: *size,
                modified: None,
            })
        };
        let ready = settling.ready(self.now, stamp);
        ready
            .iter()
            .map(|path| path.display().to_string())
            .collect()
    }
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_file_is_ready_when_it_has_stopped_growing() {
    let (mut disk, mut settling) = (Disk::new(), Settling::default());
    disk.write(&mut settling, "/photos/a.jpg", 10);
    assert_eq!(disk.after(&mut settling, 500), NOTHING);
    disk.sizes.insert("/photos/a.jpg".into(), 20);
    assert_eq!(disk.after(&mut settling, 1_900), NOTHING);
    assert_eq!(
        disk.after(&mut settling, 1_900),
        NOTHING,
        "it grew without a word"
    );
    assert_eq!(disk.after(&mut settling, 200), ["/photos/a.jpg"]);
    assert_eq!(disk.after(&mut settling, 9_000), NOTHING, "once is enough");
}

#[test]
fn what_belongs_together_goes_together() {
    let (mut disk, mut settling) = (Disk::new(), Settling::default());
    disk.write(&mut settling, "/photos/IMG_1.HEIC", 10);
    disk.write(&mut settling, "/photos/other.jpg", 10);
    disk.after(&mut settling, 0);
    disk.now += Duration::from_millis(1_500);
    disk.write(&mut settling, "/photos/IMG_1.MOV", 10);
    assert_eq!(disk.after(&mut settling, 600), ["/photos/other.jpg"]);
    assert_eq!(
        disk.after(&mut settling, 2_000),
        ["/photos/IMG_1.HEIC", "/photos/IMG_1.MOV"]
    );
}

#[test]
fn what_is_gone_or_hidden_is_not_sent() {
    let (mut disk, mut settling) = (Disk::new(), Settling::default());
    disk.write(&mut settling, "/photos/gone.jpg", 10);
    disk.write(&mut settling, "/photos/.part.jpg", 10);
    disk.write(&mut settling, "/photos/.cache/x.jpg", 10);
    disk.sizes.remove(Path::new("/photos/gone.jpg"));
    assert_eq!(disk.after(&mut settling, 0), NOTHING);
    assert_eq!(disk.after(&mut settling, 5_000), NOTHING);
}

#[test]
fn what_could_not_be_sent_comes_again() {
    let (mut disk, mut settling) = (Disk::new(), Settling::default());
    disk.write(&mut settling, "/photos/a.jpg", 10);
    disk.after(&mut settling, 0);
    assert_eq!(disk.after(&mut settling, 2_000), ["/photos/a.jpg"]);
    settling.again(vec!["/photos/a.jpg".into()], disk.now);
    disk.after(&mut settling, 0);
    assert_eq!(disk.after(&mut settling, 2_000), ["/photos/a.jpg"]);
}
