use std::collections::HashSet;

use domain::BlobId;
use futures::{StreamExt, TryStreamExt, stream};

use super::{Expected, Finding, check_all, orphans};
use crate::BlobError;
use crate::suite::vaults;

#[tokio::test]
async fn every_kind_of_trouble_is_named() {
    for vault in vaults().await {
        let mut expected = Vec::new();
        for text in ["sound", "flipped", "missing", "resized"] {
            let stored = vault.put(text.as_bytes()).await;
            expected.push(Expected {
                object: stored.object,
                sha256: stored.sha256,
                size: stored.size,
            });
        }
        let key = |n: usize| expected[n].object.to_string();
        let mut bytes = vault.raw(&key(1)).await;
        bytes[130] ^= 1;
        vault.tamper(&key(1), bytes).await;
        vault.gate.delete(&expected[2].object).await.unwrap();
        let keys: Vec<_> = (0..4).map(key).collect();
        expected[3].size += 1;

        let found = check_all(&vault.gate, stream::iter(expected), 2);
        let mut found: Vec<_> = found.collect().await;
        found.sort_by_key(|finding| format!("{finding:?}"));
        assert_eq!(found.len(), 3, "{}: {found:?}", vault.label);
        assert!(matches!(&found[0], Finding::Flipped { key, .. } if *key == keys[1]));
        assert_eq!(
            found[1],
            Finding::Missing {
                key: keys[2].clone()
            }
        );
        assert_eq!(
            found[2],
            Finding::WrongSize {
                key: keys[3].clone(),
                expected: 8,
                found: 7
            }
        );
    }
}

#[tokio::test]
async fn orphans_are_found_and_foreign_files_with_them() {
    for vault in vaults().await {
        let kept = vault.put(b"kept").await;
        let lost = vault.put(b"lost").await;
        vault.tamper("notes.txt", b"12345".to_vec()).await;
        let known =
            |_: Vec<BlobId>| std::future::ready(Ok::<_, BlobError>(HashSet::from([kept.blob])));
        let found: Vec<_> = Box::pin(orphans(&vault.gate, known))
            .try_collect()
            .await
            .unwrap();
        let orphan = |key: String, size| Finding::Orphan { key, size };
        assert_eq!(
            found,
            [
                orphan(lost.object.to_string(), lost.stored_size),
                orphan("notes.txt".to_owned(), 5)
            ],
            "{}",
            vault.label
        );
    }
}

#[tokio::test]
async fn a_failing_catalog_ends_the_search_for_orphans() {
    for vault in vaults().await {
        vault.put(b"somebody's").await;
        let known = |_| std::future::ready(Err(BlobError::StorageFull));
        let found: Vec<_> = Box::pin(orphans(&vault.gate, known)).collect().await;
        assert!(matches!(found[..], [Err(BlobError::StorageFull)]));
    }
}
