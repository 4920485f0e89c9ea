use std::os::unix::fs::PermissionsExt as _;

use super::Credentials;

fn credentials(key: &str) -> Credentials {
    Credentials {
        url: "http://127.0.0.1:8080".to_owned(),
        email: "ada@example.org".to_owned(),
        key: key.to_owned(),
    }
}

#[test]
fn what_is_saved_is_loaded_and_private() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("deep/credentials.toml");
    assert_eq!(Credentials::load(&path).expect("absent is fine"), None);
    for key in ["mvk_one", "mvk_two"] {
        credentials(key).save(&path).expect("saved");
        assert_eq!(
            Credentials::load(&path).expect("loaded"),
            Some(credentials(key))
        );
    }
    let mode = std::fs::metadata(&path)
        .expect("there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_stored_key_is_for_its_own_vault_only() {
    let stored = credentials("mvk_one");
    assert!(stored.is_for("http://127.0.0.1:8080/"));
    assert!(!stored.is_for("http://127.0.0.1:80800"));
    assert!(!stored.is_for("https://127.0.0.1:8080"));
}
