use std::collections::HashSet;
use std::fs::{self, File};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use domain::{BlobId, Timestamp, UploadId};

use super::{GRACE_MILLIS, Swept, sweep, sweep_parts};
use crate::suite::{TENANT, Vault};
use crate::{BlobError, Encryption, Expect, FolderStore};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// Makes a file as old as `millis` before now.
fn age(folder: &std::path::Path, key: &str, millis: i64) {
    let path = folder.join(key);
    let written = NOW.plus_millis(-millis).millis().unsigned_abs();
    let file = File::options().append(true).open(path).unwrap();
    file.set_modified(UNIX_EPOCH + Duration::from_millis(written))
        .unwrap();
}

#[tokio::test]
async fn only_what_is_old_and_nobodys_goes() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(FolderStore::open(folder.path()).unwrap());
    let vault = Vault::over(store, Encryption::Vault).await;
    let old = GRACE_MILLIS;
    let young = GRACE_MILLIS - 1;

    let kept = vault.put(b"has a row").await;
    let orphan = vault.put(b"never got one").await;
    let arriving = vault.put(b"may still get one").await;
    age(folder.path(), &kept.object.to_string(), old);
    age(folder.path(), &orphan.object.to_string(), old);
    age(folder.path(), &arriving.object.to_string(), young);
    for (name, millis) in [
        ("staging/left", old),
        ("staging/fresh", young),
        ("notes.txt", old),
    ] {
        fs::write(folder.path().join(name), b"half").unwrap();
        age(folder.path(), name, millis);
    }
    let derived = vault
        .gate
        .put_derived(
            super::super::suite::TENANT,
            kept.sha256,
            "thumb",
            1,
            "x".into(),
        )
        .await
        .unwrap();
    age(folder.path(), &derived.to_string(), old);

    let known = HashSet::from([kept.blob]);
    let mut asked = HashSet::new();
    let swept = sweep(&vault.gate, NOW, |blobs: Vec<BlobId>| {
        asked.extend(blobs);
        std::future::ready(Ok::<_, BlobError>(known.clone()))
    })
    .await
    .unwrap();

    assert_eq!(asked, HashSet::from([kept.blob, orphan.blob]));
    assert_eq!(
        swept,
        Swept {
            orphans: 1,
            unfinished: 1,
            bytes: orphan.stored_size + 4
        }
    );
    let mut left = vec![
        kept.object.to_string(),
        arriving.object.to_string(),
        derived.to_string(),
        "notes.txt".to_owned(),
        "staging/fresh".to_owned(),
    ];
    left.sort();
    assert_eq!(vault.keys().await, left);
}

#[tokio::test]
async fn a_failing_catalog_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(FolderStore::open(folder.path()).unwrap());
    let vault = Vault::over(store, Encryption::Off).await;
    let stored = vault.put(b"somebody's").await;
    age(folder.path(), &stored.object.to_string(), GRACE_MILLIS);
    let swept = sweep(&vault.gate, NOW, |_| {
        std::future::ready(Err(BlobError::StorageFull))
    });
    assert!(swept.await.is_err());
    assert_eq!(vault.keys().await.len(), 1);
}

#[tokio::test]
async fn parts_without_an_upload_go_when_they_are_old() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(FolderStore::open(folder.path()).unwrap());
    let vault = Vault::over(store, Encryption::Vault).await;
    let part = async |millis| {
        let blob = vault.fresh_blob();
        let expect = Expect::at_most(100);
        let writer = vault.gate.writer(TENANT, blob, expect).await.unwrap();
        let upload = UploadId::from_uuid(blob.uuid());
        let stored = writer.finish_as_part(upload).await.unwrap();
        age(folder.path(), &stored.object.to_string(), millis);
        stored
    };
    let known = part(GRACE_MILLIS).await;
    let orphan = part(GRACE_MILLIS).await;
    let arriving = part(GRACE_MILLIS - 1).await;
    let mut asked = HashSet::new();
    let swept = sweep_parts(&vault.gate, NOW, |blobs: Vec<BlobId>| {
        asked.extend(blobs);
        std::future::ready(Ok::<_, BlobError>(HashSet::from([known.blob])))
    });
    assert_eq!(swept.await.unwrap(), 1);
    assert_eq!(asked, HashSet::from([known.blob, orphan.blob]));
    let mut left = vec![known.object.to_string(), arriving.object.to_string()];
    left.sort();
    assert_eq!(vault.keys().await, left);
}
