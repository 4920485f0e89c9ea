//! The catalog is lost; objects, key ring and master key are not.

use std::collections::HashMap;

use futures::TryStreamExt;

use super::{TENANT, noise, vaults};
use crate::recover::recover;

#[tokio::test]
async fn names_headers_and_bytes_tell_everything() {
    for vault in vaults().await {
        let mut stored = HashMap::new();
        for size in [0, 10, 100_000] {
            let one = vault.put(&noise(size)).await;
            stored.insert(one.blob, one);
        }
        let derived = vault
            .gate
            .put_derived(TENANT, super::sha(b""), "thumb", 1, "x".into());
        derived.await.unwrap();
        vault.tamper("notes.txt", b"not ours".to_vec()).await;

        let found: Vec<_> = recover(&vault.gate).try_collect().await.unwrap();
        assert_eq!(found.len(), stored.len(), "{}", vault.label);
        for found in found {
            let stored = &stored[&found.blob];
            assert_eq!(found.object, stored.object);
            assert_eq!(found.tenant, TENANT);
            let verified = vault.gate.verify(&found.object).await.unwrap();
            assert_eq!(verified.sha256, stored.sha256);
            assert_eq!(found.sha256.unwrap_or(stored.sha256), stored.sha256);
            assert_eq!(found.size.unwrap(), stored.size);
        }
    }
}

#[tokio::test]
async fn a_damaged_one_does_not_end_the_walk() {
    for vault in vaults().await {
        let broken = vault.put(b"one").await.object.to_string();
        vault.put(b"two").await;
        vault.tamper(&broken, b"nonsense".to_vec()).await;
        let found: Vec<_> = recover(&vault.gate).try_collect().await.unwrap();
        let readable = found.iter().filter(|found| found.size.is_ok()).count();
        assert_eq!((found.len(), readable), (2, 1), "{}", vault.label);
    }
}
