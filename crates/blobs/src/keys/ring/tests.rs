use std::sync::Arc;

use domain::{ManualClock, SeededEntropy, TenantId, Timestamp};
use uuid::Uuid;

use super::{Encryption, KeyRing, MasterKey};
use crate::store::{Publish, Store};
use crate::{BlobError, MemoryStore};

fn store() -> Arc<dyn Store> {
    let clock = ManualClock::at(Timestamp::from_millis(0));
    Arc::new(MemoryStore::new(Arc::new(clock)))
}

fn master(seed: u64) -> MasterKey {
    MasterKey::generate(&SeededEntropy::new(seed))
}

async fn open(
    store: &Arc<dyn Store>,
    master: MasterKey,
    encryption: Encryption,
) -> Result<KeyRing, BlobError> {
    let entropy = Arc::new(SeededEntropy::new(99));
    KeyRing::open(Arc::clone(store), master, encryption, entropy).await
}

async fn refused(store: &Arc<dyn Store>, seed: u64, encryption: Encryption) -> bool {
    let opened = open(store, master(seed), encryption).await;
    matches!(opened.err(), Some(BlobError::Keys(_)))
}

#[tokio::test]
async fn keys_are_there_again() {
    let store = store();
    let ring = open(&store, master(1), Encryption::Vault).await.unwrap();
    let (key, lock) = ring
        .new_data_key(TenantId::DEFAULT, |_, _| [7; 64])
        .await
        .unwrap();
    let again = open(&store, master(1), Encryption::Vault).await.unwrap();
    let unwrapped = again.data_key(TenantId::DEFAULT, &lock, &[7; 64]).unwrap();
    assert_eq!(*unwrapped, *key);
    assert!(again.data_key(TenantId::DEFAULT, &lock, &[8; 64]).is_err());
    let other = TenantId::from_uuid(Uuid::from_u128(2));
    assert!(again.data_key(other, &lock, &[7; 64]).is_err());
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let store = store();
    open(&store, master(1), Encryption::Vault).await.unwrap();
    assert!(refused(&store, 2, Encryption::Vault).await);
    assert!(refused(&store, 1, Encryption::Off).await);
    assert!(!refused(&store, 1, Encryption::Vault).await);
}

#[tokio::test]
async fn a_new_master_opens_what_the_old_one_locked() {
    let store = store();
    let ring = open(&store, master(1), Encryption::Vault).await.unwrap();
    let mut locks = Vec::new();
    for tenant in 1..5 {
        let tenant = TenantId::from_uuid(Uuid::from_u128(tenant));
        let made = ring.new_data_key(tenant, |_, _| [0; 64]).await.unwrap();
        locks.push((tenant, made));
    }
    ring.change_master(master(2)).await.unwrap();
    assert!(refused(&store, 1, Encryption::Vault).await);
    let again = open(&store, master(2), Encryption::Vault).await.unwrap();
    for ring in [ring, again] {
        for (tenant, (key, lock)) in &locks {
            let unwrapped = ring.data_key(*tenant, lock, &[0; 64]).unwrap();
            assert_eq!(*unwrapped, **key);
        }
        assert_eq!(ring.derive("jwt"), *master(2).derive("jwt"));
    }
}

#[tokio::test]
async fn many_first_objects_share_one_tenant_key() {
    let store = store();
    let ring = open(&store, master(1), Encryption::Vault).await.unwrap();
    let made = (0..20).map(|_| ring.new_data_key(TenantId::DEFAULT, |_, _| [0; 64]));
    let made = futures::future::try_join_all(made).await.unwrap();
    let again = open(&store, master(1), Encryption::Vault).await.unwrap();
    for (key, lock) in made {
        let unwrapped = again.data_key(TenantId::DEFAULT, &lock, &[0; 64]).unwrap();
        assert_eq!(*unwrapped, *key);
    }
}

#[tokio::test]
async fn a_damaged_ring_is_not_replaced() {
    let store = store();
    let ring = open(&store, master(1), Encryption::Vault).await.unwrap();
    ring.new_data_key(TenantId::DEFAULT, |_, _| [0; 64])
        .await
        .unwrap();
    let sound = store.read("keyring.json", 0..9999).await.unwrap().unwrap();
    let text = String::from_utf8(sound.bytes).unwrap();
    let at = text.find("wrapped").unwrap() + 60;
    let flipped = if &text[at..=at] == "0" { "1" } else { "0" };
    let flipped = format!("{}{flipped}{}", &text[..at], &text[at + 1..]);
    for damaged in [flipped, text[..text.len() / 2].to_owned(), String::new()] {
        let put = store.stage();
        put.publish(damaged.clone().into(), "keyring.json", Publish::Replace)
            .await
            .unwrap();
        let opened = open(&store, master(1), Encryption::Vault).await;
        assert!(
            matches!(opened.err(), Some(BlobError::Damaged { .. })),
            "{damaged}"
        );
    }
}
