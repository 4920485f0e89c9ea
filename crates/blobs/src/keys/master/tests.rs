use std::os::unix::fs::PermissionsExt;

use domain::SeededEntropy;

use super::{MasterKey, RecoveryKeyError};
use crate::BlobError;

fn key() -> MasterKey {
    MasterKey::generate(&SeededEntropy::new(7))
}

#[test]
fn recovery_text_comes_back() {
    let text = key().recovery_text();
    assert_eq!(text.len(), "mvrk".len() + 14 * 5);
    let again: MasterKey = text.parse().unwrap();
    assert_eq!(again.0, key().0);
}

#[test]
fn recovery_text_is_frozen() {
    let zero: MasterKey = "0".repeat(64).parse().unwrap();
    let text = format!("mvrk{}-Q76T", "-0000".repeat(13));
    assert_eq!(*zero.recovery_text(), text);
}

#[test]
fn a_hurried_hand_is_forgiven() {
    let text = key().recovery_text();
    let sloppy = text
        .to_lowercase()
        .replace('-', " ")
        .replace('0', "o")
        .replace('1', "l");
    let again: MasterKey = sloppy.parse().unwrap();
    assert_eq!(again.0, key().0);
}

#[test]
fn a_typing_mistake_is_noticed() {
    let text = key().recovery_text();
    for at in 5..text.len() {
        let old = &text[at..=at];
        if old == "-" {
            continue;
        }
        let new = if old == "7" { "8" } else { "7" };
        let wrong = format!("{}{new}{}", &text[..at], &text[at + 1..]);
        assert_eq!(
            wrong.parse::<MasterKey>().unwrap_err(),
            RecoveryKeyError::Mistyped,
            "{wrong}"
        );
    }
}

#[test]
fn what_is_no_key() {
    let text = key().recovery_text();
    for bad in [
        "",
        "mvrk",
        "hello",
        &text[5..],
        &text[..73],
        &format!("{}0", *text),
        "ä€",
    ] {
        assert_eq!(
            bad.parse::<MasterKey>().unwrap_err(),
            RecoveryKeyError::Malformed,
            "{bad}"
        );
    }
}

#[test]
fn file_is_for_its_owner_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys/master.key");
    assert!(MasterKey::load(&path).unwrap().is_none());
    key().save(&path).unwrap();
    assert_eq!(MasterKey::load(&path).unwrap().unwrap().0, key().0);
    let mode = path.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(matches!(
        key().save(&path),
        Err(BlobError::Unavailable { .. })
    ));
}

#[test]
fn debug_shows_no_key() {
    let shown = format!("{:?}", key());
    assert!(!shown.contains(&hex::encode(key().0)));
}

#[test]
fn derived_secrets_differ_by_label() {
    assert_ne!(key().derive("jwt"), key().derive("urls"));
    assert_eq!(key().derive("jwt"), key().derive("jwt"));
}
