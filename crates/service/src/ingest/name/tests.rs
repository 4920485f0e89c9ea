use domain::MediaType;

use super::{clean, mismatch};
use crate::ingest::Announced;

#[test]
fn names_lose_folders_controls_and_direction_marks() {
    let ok = |name: &str| clean(name).expect("a usable name");
    assert_eq!(ok("C:\\photos\\sea.jpg"), "sea.jpg");
    assert_eq!(ok("../../etc/passwd"), "passwd");
    assert_eq!(ok("a\r\nb\0.jpg"), "ab.jpg");
    assert_eq!(ok("photo\u{202e}gpj.exe"), "photogpj.exe");
    assert_eq!(ok("jølstravatnet.pef"), "jølstravatnet.pef");
    assert!(clean("..").is_err() && clean("  ").is_err() && clean("a/").is_err());
}

#[test]
fn a_long_name_keeps_its_extension() {
    let name = clean(&format!("{}.jpeg", "ä".repeat(300))).expect("a usable name");
    assert!(name.len() <= 255 && name.ends_with("ä.jpeg"), "{name}");
}

#[test]
fn only_a_foreign_content_is_a_mismatch() {
    let named = |file_name: &str| Announced {
        file_name: file_name.to_owned(),
        ..Announced::default()
    };
    assert_eq!(
        mismatch(&named("a.png"), MediaType::Jpeg).as_deref(),
        Some("image/png")
    );
    assert_eq!(
        mismatch(&named("a.png"), MediaType::Executable).as_deref(),
        Some("image/png")
    );
    assert_eq!(mismatch(&named("a.JPEG"), MediaType::Jpeg), None);
    assert_eq!(mismatch(&named("a.mov"), MediaType::Mp4), None);
    assert_eq!(mismatch(&named("a.nef"), MediaType::Tiff), None);
    assert_eq!(mismatch(&named("a.unheard-of"), MediaType::Jpeg), None);
    assert_eq!(mismatch(&named("no extension"), MediaType::Jpeg), None);
}
