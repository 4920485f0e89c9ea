//! What a store does on its own.

use super::vaults;
use crate::store::{Publish, Slice};
use crate::{Area, BlobError};

#[tokio::test]
async fn reads_are_cut_at_the_end() {
    for vault in vaults().await {
        vault.tamper("t/a", b"0123456789".to_vec()).await;
        for (range, expected) in [(0..4, "0123"), (8..20, "89"), (10..11, ""), (30..40, "")] {
            let slice = vault
                .store
                .read("t/a", range.clone())
                .await
                .unwrap()
                .unwrap();
            let bytes = expected.as_bytes().to_vec();
            assert_eq!(
                slice,
                Slice { bytes, size: 10 },
                "{} {range:?}",
                vault.label
            );
        }
        assert_eq!(vault.store.read("t/b", 0..1).await.unwrap(), None);
        assert_eq!(vault.store.read("t", 0..1).await.ok().flatten(), None);
    }
}

#[tokio::test]
async fn publishing_in_every_way() {
    for vault in vaults().await {
        let publish = async |text: &str, how| {
            let mut staged = vault.store.stage();
            staged.write(b"> ".to_vec()).await.unwrap();
            staged.publish(text.into(), "x/y/z", how).await
        };
        publish("first", Publish::New).await.unwrap();
        let again = publish("second", Publish::New).await;
        assert!(matches!(again, Err(BlobError::Exists { object }) if object == "x/y/z"));
        assert_eq!(vault.raw("x/y/z").await, b"> first");
        publish("third", Publish::Replace).await.unwrap();
        assert_eq!(vault.raw("x/y/z").await, b"> third");
        publish("fourth", Publish::Derived).await.unwrap();
        assert_eq!(vault.raw("x/y/z").await, b"> fourth");
        assert_eq!(vault.keys().await, ["x/y/z"], "{}", vault.label);
    }
}

#[tokio::test]
async fn one_of_two_publishers_wins() {
    for vault in vaults().await {
        let publish = |text: &str| {
            let staged = vault.store.stage();
            staged.publish(text.into(), "x/y", Publish::New)
        };
        let (one, two) = tokio::join!(publish("one"), publish("two"));
        assert_eq!(one.is_ok(), two.is_err(), "{}", vault.label);
        let expected = if one.is_ok() { "one" } else { "two" };
        assert_eq!(vault.raw("x/y").await, expected.as_bytes());
    }
}

#[tokio::test]
async fn listings_go_on_where_they_stopped() {
    let keys = [
        "a/b", "a.b", "a/b.c", "a/b/c", "a/d", "a0", "b/a/a", "b/a/b", "b/b/a", "c",
    ];
    let mut sorted = keys;
    sorted.sort_unstable();
    for vault in vaults().await {
        for key in keys.iter().filter(|key| **key != "a/b") {
            vault.tamper(key, Vec::new()).await;
        }
        let expected: Vec<_> = sorted.into_iter().filter(|key| *key != "a/b").collect();
        for limit in 1..=keys.len() {
            let mut found = Vec::new();
            let mut after = None;
            loop {
                let page = vault.store.list("", after.as_deref(), limit).await.unwrap();
                let Some(last) = page.last() else { break };
                assert!(page.len() <= limit);
                after = Some(last.key.clone());
                found.extend(page.into_iter().map(|entry| entry.key));
            }
            found.retain(|key| key != "keyring.json");
            assert_eq!(found, expected, "{} {limit}", vault.label);
        }
        let under = vault.store.list("b/a/", Some("b/a/a"), 9).await.unwrap();
        assert_eq!(under.len(), 1);
        assert_eq!(under[0].key, "b/a/b");
        let beyond = vault.store.list("a/", Some("b"), 9).await.unwrap();
        assert_eq!(beyond, []);
        let before = vault.store.list("b/", Some("a"), 9).await.unwrap();
        assert_eq!(before.len(), 3);
    }
}

#[tokio::test]
async fn areas_are_listed_apart() {
    for vault in vaults().await {
        let mut blobs = Vec::new();
        for text in ["one", "two", "three"] {
            let stored = vault.put(text.as_bytes()).await;
            blobs.push(stored.object.to_string());
            let derived = vault
                .gate
                .put_derived(super::TENANT, stored.sha256, "t", 1, "x".into());
            derived.await.unwrap();
        }
        // A tenant on either side of "derived/".
        for tenant in [
            "dead0000-0000-7000-8000-000000000000",
            "ffff0000-0000-7000-8000-000000000000",
        ] {
            let key = blobs[0].replace("00000000-0000-0000-0000-000000000001", tenant);
            vault.tamper(&key, Vec::new()).await;
            blobs.push(key);
        }
        vault.tamper("staging/left", b"over".to_vec()).await;
        blobs.sort();
        let mut found = Vec::new();
        let mut after = None;
        loop {
            let page = vault
                .gate
                .list(Area::Blobs, after.as_deref(), 2)
                .await
                .unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.key.clone());
            found.extend(
                page.iter()
                    .filter_map(|listed| listed.object.as_ref())
                    .map(ToString::to_string),
            );
        }
        assert_eq!(found, blobs, "{}", vault.label);
        let derived = vault.gate.list(Area::Derived, None, 10).await.unwrap();
        assert_eq!(derived.len(), 3);
        let staging = vault.gate.list(Area::Staging, None, 10).await.unwrap();
        assert_eq!(staging.len(), 1);
        assert!(vault.gate.delete_staging(&staging[0].key).await.unwrap());
        assert!(vault.gate.delete_staging(&blobs[0]).await.is_err());
    }
}
