use std::path::{Path, PathBuf};

use super::{numbered, safe_name};

#[test]
fn names_cannot_leave_the_folder() {
    assert_eq!(safe_name("../../etc/passwd"), "_.._etc_passwd");
    assert_eq!(safe_name(".ssh"), "ssh");
    assert_eq!(safe_name("a\u{1b}[2J.jpg"), "a_[2J.jpg");
    assert_eq!(safe_name(".."), "unnamed");
    assert_eq!(safe_name("Grüße.jpg"), "Grüße.jpg");
}

#[test]
fn a_taken_name_gets_a_number() {
    assert_eq!(
        numbered(Path::new("a/photo.jpg"), 2),
        PathBuf::from("a/photo (2).jpg")
    );
    assert_eq!(
        numbered(Path::new("README"), 3),
        PathBuf::from("README (3)")
    );
}
