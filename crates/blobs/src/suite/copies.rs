//! Copies in another store: the same bytes, never half, never wrong.

use std::sync::Arc;

use super::{KIB, TENANT, Vault, master, noise, vaults};
use crate::layout::HEADER;
use crate::{
    BlobError, Copied, Encryption, Gate, Pace, RingStanding, Store, has_key_ring, restore_key_ring,
};

/// A second store of the same keys, empty.
async fn second(vault: &Vault) -> (Gate, Arc<dyn Store>) {
    let spare = Vault::in_memory(vault.encryption).await;
    spare.gate.delete_ring().await.unwrap();
    let store = Arc::clone(&spare.store);
    (vault.gate.beside(Arc::clone(&store)), store)
}

async fn raw(store: &Arc<dyn Store>, key: &str) -> Vec<u8> {
    let slice = store.read(key, 0..u64::MAX).await.unwrap();
    slice.expect("it is there").bytes
}

#[tokio::test]
async fn a_copy_is_the_object_byte_for_byte() {
    let pace = Pace::unbounded();
    for vault in vaults().await {
        let (gate, store) = second(&vault).await;
        for size in [0, 1, 64 * KIB, 64 * KIB + 1, 2500 * KIB] {
            let stored = vault.put(&noise(size)).await;
            let key = stored.object.to_string();
            let copied = vault
                .gate
                .copy(&stored.object, Some(stored.sha256), &gate, &pace)
                .await
                .unwrap();
            assert_eq!(copied, Copied::Written(stored.stored_size));
            assert!(
                raw(&store, &key).await == vault.raw(&key).await,
                "{}",
                vault.label
            );
            let again = vault
                .gate
                .copy(&stored.object, Some(stored.sha256), &gate, &pace)
                .await
                .unwrap();
            assert_eq!(again, Copied::There);
            let verified = gate.verify(&stored.object).await.unwrap();
            assert_eq!(verified.sha256, stored.sha256);
        }
    }
}

#[tokio::test]
async fn a_damaged_object_is_not_copied() {
    let pace = Pace::unbounded();
    for vault in vaults().await {
        let (gate, store) = second(&vault).await;
        let stored = vault.put(&noise(1200 * KIB)).await;
        let key = stored.object.to_string();
        let sound = vault.raw(&key).await;
        for at in [
            0,
            40,
            100,
            HEADER as usize,
            sound.len() / 2,
            sound.len() - 1,
        ] {
            let mut flipped = sound.clone();
            flipped[at] ^= 1;
            vault.tamper(&key, flipped).await;
            let copied = vault
                .gate
                .copy(&stored.object, Some(stored.sha256), &gate, &pace)
                .await;
            let label = format!("{} {at}: {copied:?}", vault.label);
            assert!(matches!(copied, Err(BlobError::Damaged { .. })), "{label}");
            assert_eq!(store.list("", None, 10).await.unwrap(), []);
        }
        vault.tamper(&key, sound[..sound.len() - 1].to_vec()).await;
        assert!(
            vault
                .gate
                .copy(&stored.object, Some(stored.sha256), &gate, &pace)
                .await
                .is_err()
        );
        vault.gate.delete(&stored.object).await.unwrap();
        let copied = vault
            .gate
            .copy(&stored.object, Some(stored.sha256), &gate, &pace)
            .await;
        assert!(matches!(copied, Err(BlobError::NotFound { .. })));
        assert_eq!(store.list("", None, 10).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_damaged_copy_is_replaced_and_so_is_a_damaged_original() {
    let pace = Pace::unbounded();
    for vault in vaults().await {
        let (gate, store) = second(&vault).await;
        let stored = vault.put(&noise(300 * KIB)).await;
        let key = stored.object.to_string();
        let sound = vault.raw(&key).await;
        vault
            .gate
            .copy(&stored.object, Some(stored.sha256), &gate, &pace)
            .await
            .unwrap();
        let mut flipped = sound.clone();
        flipped[sound.len() / 3] ^= 4;
        for broken in [flipped, Vec::new(), sound[..5000].to_vec()] {
            let staged = store.stage();
            let replace = crate::Publish::Replace;
            staged.publish(broken.clone(), &key, replace).await.unwrap();
            let copied = vault
                .gate
                .copy(&stored.object, Some(stored.sha256), &gate, &pace)
                .await
                .unwrap();
            assert_eq!(copied, Copied::Written(stored.stored_size));
            assert!(raw(&store, &key).await == sound);

            vault.tamper(&key, broken).await;
            gate.repair(&stored.object, Some(stored.sha256), &vault.gate, &pace)
                .await
                .unwrap();
            assert!(vault.raw(&key).await == sound);
        }
        vault.gate.delete(&stored.object).await.unwrap();
        gate.repair(&stored.object, Some(stored.sha256), &vault.gate, &pace)
            .await
            .unwrap();
        assert!(vault.raw(&key).await == sound);
    }
}

#[tokio::test]
async fn derived_files_are_copied_too() {
    let pace = Pace::unbounded();
    for vault in vaults().await {
        let (gate, _) = second(&vault).await;
        let content = super::sha(b"picture");
        let put = vault
            .gate
            .put_derived(TENANT, content, "thumb", 1, "small".into());
        let object = put.await.unwrap();
        vault.gate.copy(&object, None, &gate, &pace).await.unwrap();
        let read = gate
            .read_derived(TENANT, content, "thumb", 1)
            .await
            .unwrap();
        assert_eq!(read.as_deref(), Some(b"small".as_slice()));
    }
}

#[tokio::test]
async fn keys_are_copied_and_never_taken_for_others() {
    let vault = Vault::in_memory(Encryption::Vault).await;
    let (gate, store) = second(&vault).await;
    assert_eq!(gate.ring_standing().await.unwrap(), RingStanding::Absent);
    assert!(!gate.has_ring().await.unwrap());
    gate.put_ring().await.unwrap();
    assert_eq!(gate.ring_standing().await.unwrap(), RingStanding::Same);
    vault.put(b"the first of a tenant").await;
    assert_eq!(gate.ring_standing().await.unwrap(), RingStanding::Older);
    gate.put_ring().await.unwrap();

    // The same master key with other keys: a ring that was made anew over lost bytes.
    let anew = Vault::in_memory(Encryption::Vault).await;
    let standing = anew.gate.beside(Arc::clone(&store)).ring_standing().await;
    assert!(matches!(standing.unwrap(), RingStanding::Foreign(_)));
    let open = Vault::in_memory(Encryption::Off).await;
    let standing = open.gate.beside(Arc::clone(&store)).ring_standing().await;
    assert!(matches!(standing.unwrap(), RingStanding::Foreign(_)));
}

#[tokio::test]
async fn a_lost_store_begins_anew_with_the_keys_of_its_copy() {
    let pace = Pace::unbounded();
    let vault = Vault::in_memory(Encryption::Vault).await;
    let (gate, copy) = second(&vault).await;
    let stored = vault.put(b"precious").await;
    vault
        .gate
        .copy(&stored.object, Some(stored.sha256), &gate, &pace)
        .await
        .unwrap();
    gate.put_ring().await.unwrap();

    let fresh = Vault::in_memory(Encryption::Vault).await;
    fresh.gate.delete_ring().await.unwrap();
    let (from, to) = (Arc::clone(&copy), Arc::clone(&fresh.store));
    let mode = Encryption::Vault;
    let wrong = restore_key_ring(&from, &to, &master(), Encryption::Off).await;
    assert!(matches!(wrong, Err(BlobError::Keys(_))));
    restore_key_ring(&from, &to, &master(), mode).await.unwrap();
    assert!(has_key_ring(&*to).await.unwrap());
    let twice = restore_key_ring(&from, &to, &master(), mode).await;
    assert!(matches!(twice, Err(BlobError::Keys(_))));

    let again = Vault::over(to, mode).await;
    let copies = again.gate.beside(from);
    copies
        .copy(&stored.object, Some(stored.sha256), &again.gate, &pace)
        .await
        .unwrap();
    assert_eq!(again.get(&stored.object, 8).await.unwrap(), b"precious");
}
