//! What only a folder can do wrong.

use std::fs;
use std::sync::Arc;

use super::{TENANT, Vault};
use crate::store::{Publish, Store};
use crate::{Area, BlobError, Encryption, Expect, FolderStore, Gate};

async fn vault() -> (tempfile::TempDir, Vault) {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(FolderStore::open(folder.path()).unwrap());
    let vault = Vault::over(store, Encryption::Vault).await;
    (folder, vault)
}

#[tokio::test]
async fn objects_lie_where_the_format_says() {
    let (folder, vault) = vault().await;
    let stored = vault.put(b"abc").await;
    let path = folder.path().join(stored.object.to_string());
    assert_eq!(path.metadata().unwrap().len(), stored.stored_size);
    assert!(folder.path().join("keyring.json").is_file());
}

#[tokio::test]
async fn leftovers_of_a_crash_are_stepped_over_and_listed() {
    let (folder, vault) = vault().await;
    for number in 0..5 {
        let name = format!("staging/{}-{number}", std::process::id());
        fs::write(folder.path().join(name), b"half").unwrap();
    }
    let stored = vault.put(b"whole").await;
    assert_eq!(vault.get(&stored.object, 5).await.unwrap(), b"whole");
    let left = vault.gate.list(Area::Staging, None, 10).await.unwrap();
    assert_eq!(left.len(), 5);
}

#[tokio::test]
async fn everything_is_there_after_opening_again() {
    let (folder, vault) = vault().await;
    let stored = vault.put(b"kept").await;
    drop(vault);
    let again = Arc::new(FolderStore::open(folder.path()).unwrap());
    let vault = Vault::over(again, Encryption::Vault).await;
    assert_eq!(vault.get(&stored.object, 4).await.unwrap(), b"kept");
}

#[tokio::test]
async fn keys_lead_nowhere_else() {
    let (folder, vault) = vault().await;
    let outside = folder.path().join("../outside-of-the-store");
    for key in ["../outside-of-the-store", "/etc/hostname", "a/../../b", ""] {
        let read = vault.store.read(key, 0..1).await;
        assert!(matches!(read, Err(BlobError::Unavailable { .. })), "{key}");
        let staged = vault.store.stage();
        let published = staged.publish(b"x".to_vec(), key, Publish::Replace).await;
        assert!(
            matches!(published, Err(BlobError::Unavailable { .. })),
            "{key}"
        );
    }
    assert!(!outside.exists());
    assert_eq!(vault.keys().await, [""; 0]);
}

#[tokio::test]
async fn free_space_is_known() {
    let (_folder, vault) = vault().await;
    assert!(vault.gate.free_space().await.unwrap().unwrap() > 0);
    let blob = vault.fresh_blob();
    let expect = Expect {
        size: Some(u64::MAX / 2),
        ..Expect::at_most(u64::MAX)
    };
    let writer = vault.gate.writer(TENANT, blob, expect).await;
    assert!(matches!(writer.err(), Some(BlobError::StorageFull)));
}

#[tokio::test]
async fn objects_without_their_key_ring_are_not_taken_for_a_new_store() {
    let (folder, vault) = vault().await;
    vault.put(b"precious").await;
    fs::remove_file(folder.path().join("keyring.json")).unwrap();
    let store: Arc<dyn Store> = Arc::new(FolderStore::open(folder.path()).unwrap());
    let entropy = Arc::new(domain::SeededEntropy::new(3));
    let opened = Gate::open(store, super::master(), Encryption::Vault, entropy).await;
    assert!(matches!(opened.err(), Some(BlobError::Keys(_))));
}

#[tokio::test]
async fn files_that_are_not_ours_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("lost+found")).unwrap();
    fs::write(folder.path().join("lost+found/#12"), b"a fragment").unwrap();
    fs::write(folder.path().join(".hidden"), b"left by a desktop").unwrap();
    let store = Arc::new(FolderStore::open(folder.path()).unwrap());
    let vault = Vault::over(store, Encryption::Vault).await;
    let stored = vault.put(b"ours").await;
    let object = stored.object.to_string();
    assert_eq!(vault.keys().await, [".hidden", &object]);
}
