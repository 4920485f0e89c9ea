use std::path::{Path, PathBuf};

use super::report::{Fate, Report};
use super::walk::walk;

fn touch(dir: &Path, name: &str, text: &str) -> PathBuf {
    let path = dir.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
    std::fs::write(&path, text).expect("the file");
    path
}

#[test]
fn folders_are_walked_in_order_without_hidden_things() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let root = dir.path();
    let b = touch(root, "b.jpg", "b");
    let deep = touch(root, "a/deep/c.jpg", "ccc");
    let hidden = touch(root, ".cache/d.jpg", "d");
    std::os::unix::fs::symlink(root, root.join("circle")).expect("a link");

    let walked = walk(&[root.to_owned(), b.clone()]);
    let found: Vec<_> = walked
        .found
        .iter()
        .map(|found| (found.path.clone(), found.size))
        .collect();
    assert_eq!(found, [(deep, 3), (b, 1)]);
    let skipped: Vec<_> = walked
        .skipped
        .iter()
        .map(|(path, reason)| (path.clone(), reason.as_str()))
        .collect();
    let cache = hidden.parent().expect("a folder").to_owned();
    assert_eq!(
        skipped,
        [
            (cache, "hidden"),
            (root.join("circle"), "a link to a folder")
        ]
    );
}

#[test]
fn what_is_named_outright_is_taken_or_said_to_be_missing() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let hidden = touch(dir.path(), ".photo.jpg", "x");
    let missing = dir.path().join("missing.jpg");
    let walked = walk(&[hidden.clone(), missing.clone()]);
    assert_eq!(walked.found[0].path, hidden);
    assert_eq!(walked.failed[0].0, missing);
}

#[test]
fn live_photos_and_sidecars_go_with_their_file() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let names = [
        "IMG_1.HEIC",
        "IMG_1.MOV",
        "IMG_1.xmp",
        "a.jpg",
        "a.jpg.xmp",
        "a.mp4",
        "b.MOV",
        "c.png",
        "c.mov",
        "d.xmp",
        "e.heic",
        "e.jpg",
        "e.mov",
    ];
    for name in names {
        touch(dir.path(), name, name);
    }
    let (found, joined) = super::pair::pair(walk(&[dir.path().to_owned()]).found);
    let name = |path: &Path| {
        path.file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned()
    };
    let joined: Vec<_> = joined
        .iter()
        .map(|(path, of)| (name(path), name(of)))
        .collect();
    let expected = [
        ("IMG_1.MOV", "IMG_1.HEIC"),
        ("IMG_1.xmp", "IMG_1.HEIC"),
        ("a.jpg.xmp", "a.jpg"),
        ("e.mov", "e.heic"),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(path, of)| ((*path).to_owned(), (*of).to_owned()))
        .collect();
    assert_eq!(joined, expected);
    assert_eq!(found.len() + joined.len(), names.len(), "no file is lost");
    let beside: usize = found.iter().map(|file| file.beside.len()).sum();
    assert_eq!(beside, joined.len());
}

#[test]
fn the_report_accounts_for_every_file() {
    let mut report = Report::default();
    let sha256 = domain::Sha256::of(b"x");
    report.add(
        "a".into(),
        Fate::Uploaded {
            asset_id: "1".to_owned(),
            sha256,
            size: 2048,
        },
    );
    report.add(
        "b".into(),
        Fate::Duplicate {
            asset_id: "2".to_owned(),
            sha256,
        },
    );
    report.add(
        "c".into(),
        Fate::Same {
            as_path: "a".into(),
            sha256,
        },
    );
    report.add("d".into(), Fate::Skipped("hidden".to_owned()));
    report.add(
        "e".into(),
        Fate::Failed {
            reason: "Too large".to_owned(),
        },
    );
    let text = report.text();
    assert!(text.contains("Left out:\n  d: hidden\n"), "{text}");
    assert!(text.contains("Failed:\n  e: Too large\n"), "{text}");
    assert!(
        text.ends_with("1 file uploaded (2.00 KiB), 2 already there, 1 left out, 1 failed."),
        "{text}"
    );
    assert_eq!(report.json()["summary"]["duplicate"], 2);
    assert!(!report.is_clean());
}

#[test]
fn a_line_of_json_says_what_became_of_a_file() {
    let sha256 = domain::Sha256::of(b"x");
    let line = Fate::Uploaded {
        asset_id: "1".to_owned(),
        sha256,
        size: 1,
    }
    .json(Path::new("a.jpg"));
    assert_eq!(line["outcome"], "uploaded");
    assert_eq!(line["asset_id"], "1");
    assert_eq!(line["sha256"], sha256.to_string());
    let line = Fate::Failed {
        reason: "no".to_owned(),
    }
    .json(Path::new("b.jpg"));
    assert_eq!(
        (line["outcome"].as_str(), line["reason"].as_str()),
        (Some("failed"), Some("no"))
    );
}
