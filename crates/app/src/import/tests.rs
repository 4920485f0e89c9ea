//! Archives as nobody should make them: each is told apart and said, none brings the reader down.

use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::archive::Archive;
use super::gather::Export;
use super::report::Format;

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default())
            .expect("a file");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}

struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }
}

/// Replaces every occurrence, which must be there.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    let places: Vec<usize> = (0..=bytes.len() - from.len())
        .filter(|at| bytes[*at..].starts_with(from))
        .collect();
    assert!(!places.is_empty(), "nothing to replace");
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}

#[test]
fn parts_come_in_any_order_and_a_folder_stands_for_its_archives() {
    let desk = Desk::new();
    let first = desk.put(
        "takeout-001.zip",
        &archive(&[("Takeout/a.jpg", b"aaa"), ("Takeout/a.jpg.json", b"{}")]),
    );
    let second = desk.put(
        "takeout-002.zip",
        &archive(&[("Takeout/b.jpg", b"bb"), ("Takeout/a.jpg", b"aaa")]),
    );
    let read = |paths: &[PathBuf]| {
        let export = Export::open(paths);
        let names: Vec<String> = export.entries.keys().cloned().collect();
        let lost = export.left.iter().filter(|left| left.lost).count();
        (names, export.left.len(), lost)
    };
    let expected = (
        vec![
            "Takeout/a.jpg".to_owned(),
            "Takeout/a.jpg.json".to_owned(),
            "Takeout/b.jpg".to_owned(),
        ],
        1,
        0,
    );
    assert_eq!(read(&[first.clone(), second.clone()]), expected);
    assert_eq!(read(&[second, first]), expected);
    assert_eq!(read(&[desk.0.path().to_owned()]), expected);
}

#[test]
fn other_bytes_under_the_same_path_are_not_passed_over() {
    let desk = Desk::new();
    let mine = desk.put("mine.zip", &archive(&[("Takeout/a.jpg", b"mine")]));
    let yours = desk.put("yours.zip", &archive(&[("Takeout/a.jpg", b"your")]));
    let export = Export::open(&[mine, yours.clone()]);
    assert_eq!(export.left.len(), 1);
    assert!(
        export.left[0].lost && export.left[0].archive == yours,
        "{:?}",
        export.left
    );
}

#[test]
fn names_that_lead_elsewhere_are_refused_one_by_one() {
    let desk = Desk::new();
    let bytes = archive(&[
        ("__/__/etc/passwd", b"x"),
        ("C:/x.jpg", b"x"),
        ("good.jpg", b"good"),
    ]);
    let bytes = replaced(&bytes, b"__/__/etc", b"../../etc");
    let export = Export::open(&[desk.put("a.zip", &bytes)]);
    assert!(export.entries.contains_key("good.jpg"));
    assert!(!export.entries.keys().any(|path| path.contains("..")));
    assert!(
        export
            .left
            .iter()
            .any(|left| left.reason.contains("leads out")),
        "{:?}",
        export.left
    );
}

#[test]
fn encrypted_files_are_said() {
    let desk = Desk::new();
    // Bit 0 of the flags in the local and in the central header.
    let bytes = archive(&[("a.jpg", b"secret")]);
    let mut bytes = bytes.clone();
    for (magic, at) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let place = (0..bytes.len() - 4).find(|place| bytes[*place..].starts_with(magic));
        bytes[place.expect("a header") + at] |= 1;
    }
    let export = Export::open(&[desk.put("a.zip", &bytes)]);
    assert!(export.entries.is_empty());
    assert_eq!(export.left[0].reason, "it is encrypted");
}

#[test]
fn a_truncated_or_foreign_file_is_said_and_the_others_are_read() {
    let desk = Desk::new();
    let whole = archive(&[("a.jpg", b"aaaa"), ("b.jpg", b"bbbb")]);
    let paths = [
        desk.put("cut.zip", &whole[..whole.len() - 30]),
        desk.put("text.zip", b"this is no archive"),
        desk.put("empty.zip", b""),
        desk.0.path().join("nowhere.zip"),
        desk.put("whole.zip", &whole),
    ];
    let export = Export::open(&paths);
    assert_eq!(export.entries.len(), 2);
    assert_eq!(export.left.len(), 4, "{:?}", export.left);
    assert!(export.left.iter().all(|left| left.lost));
}

#[test]
fn a_bomb_is_refused_before_it_is_opened() {
    let desk = Desk::new();
    let zeros = vec![0; 32 << 20];
    let path = desk.put(
        "a.zip",
        &archive(&[("bomb.jpg", &zeros), ("good.jpg", b"good")]),
    );
    assert!(path.metadata().expect("there").len() < 1 << 20);
    let export = Export::open(&[path]);
    assert_eq!(export.entries.len(), 1);
    assert!(
        export.left[0].reason.contains("unpack"),
        "{:?}",
        export.left
    );
}

#[test]
fn a_file_that_says_it_is_smaller_than_it_is_ends_in_an_error() {
    let desk = Desk::new();
    let bytes = archive(&[("a.json", &vec![b' '; 100_000])]);
    let bytes = replaced(&bytes, &100_000_u32.to_le_bytes(), &9_u32.to_le_bytes());
    let archive = Archive::open(&desk.put("a.zip", &bytes)).expect("it opens");
    let listing = archive.list(0);
    let mut given = 0;
    let read = archive.read(&listing.entries[0], |chunk| {
        given += chunk.len();
        Ok(())
    });
    assert!(read.is_err());
    assert!(given <= 9, "{given} bytes were given on");
}

#[test]
fn files_that_share_their_bytes_are_refused() {
    let desk = Desk::new();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("a.jpg", SimpleFileOptions::default())
        .expect("a file");
    zip.write_all(&[7; 1000]).expect("written");
    let bytes = {
        zip.shallow_copy_file("a.jpg", "b.jpg")
            .expect("the same bytes");
        zip.finish().expect("an archive").into_inner()
    };
    let refused = Archive::open(&desk.put("a.zip", &bytes)).expect_err("refused");
    assert!(refused.contains("overlap"), "{refused}");
}

#[test]
fn a_broken_file_costs_itself_and_no_other() {
    let desk = Desk::new();
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [("a.jpg", b"AAAAAAAA"), ("b.jpg", b"BBBBBBBB")] {
        zip.start_file(name, stored).expect("a file");
        zip.write_all(bytes).expect("written");
    }
    let bytes = zip.finish().expect("an archive").into_inner();
    let bytes = replaced(&bytes, b"AAAAAAAA", b"AAAAXAAA");
    let archive = Archive::open(&desk.put("a.zip", &bytes)).expect("it opens");
    let entries = archive.list(0).entries;
    assert!(
        archive.read_all(&entries[0], 100).is_err(),
        "its checksum differs"
    );
    assert_eq!(
        archive.read_all(&entries[1], 100).expect("whole"),
        b"BBBBBBBB"
    );
    assert!(
        archive.read_all(&entries[1], 7).is_err(),
        "larger than allowed"
    );
}

#[test]
fn a_list_without_end_is_given_up() {
    use std::io::Read as _;
    let desk = Desk::new();
    let path = desk.put("a", &[0; 1000]);
    let mut file = super::file::SharedFile::open(&path, 600).expect("it opens");
    let mut buffer = [0; 500];
    file.read_exact(&mut buffer).expect("within the limit");
    assert!(file.read(&mut buffer).is_err());
    let mut again = file.clone();
    file.unbound();
    assert!(again.read(&mut buffer).is_ok());
}

#[test]
fn the_reports_format_is_the_files_ending() {
    let of = |name: &str| Format::of(std::path::Path::new(name));
    assert_eq!(of("a.csv"), Some(Format::Csv));
    assert_eq!(of("a.JSON"), Some(Format::Json));
    assert_eq!((of("a.txt"), of("csv")), (None, None));
}
