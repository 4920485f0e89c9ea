use std::fs;
use std::io::ErrorKind;

use super::{DurableFolders, create_folder, rename_without_replacing};

#[test]
fn folders_are_made_with_those_above() {
    let root = tempfile::tempdir().unwrap();
    let folders = DurableFolders::new(root.path().to_owned());
    for path in ["t/ab/cd", "t/ab/cd", "t/ab/ce", "t"] {
        folders.ensure(&root.path().join(path)).unwrap();
        assert!(root.path().join(path).is_dir(), "{path}");
    }
    assert_eq!(folders.safe().len(), 4);
    create_folder(&root.path().join("a/b/c")).unwrap();
    create_folder(&root.path().join("a/b/c")).unwrap();
    assert!(root.path().join("a/b/c").is_dir());
}

#[test]
fn a_folder_made_by_another_is_not_taken_for_safe() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("t");
    fs::create_dir(&folder).unwrap();
    let folders = DurableFolders::new(root.path().to_owned());
    assert!(!folders.safe().contains(&folder));
    folders.ensure(&folder).unwrap();
    assert!(folders.safe().contains(&folder));
}

#[test]
fn a_file_in_the_way_is_an_error() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("t"), b"a file").unwrap();
    let folders = DurableFolders::new(root.path().to_owned());
    assert!(folders.ensure(&root.path().join("t/ab")).is_err());
}

#[test]
fn renaming_never_replaces() {
    let root = tempfile::tempdir().unwrap();
    let (from, to) = (root.path().join("from"), root.path().join("to"));
    fs::write(&from, b"new").unwrap();
    fs::write(&to, b"old").unwrap();
    let error = rename_without_replacing(&from, &to).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    assert_eq!(fs::read(&to).unwrap(), b"old");
    fs::remove_file(&to).unwrap();
    rename_without_replacing(&from, &to).unwrap();
    assert_eq!(fs::read(&to).unwrap(), b"new");
    assert!(!from.exists());
}
