//! Whatever happens to stored bytes is noticed.

use domain::{BlobId, TenantId};
use uuid::Uuid;

use super::{KIB, TENANT, Vault, noise, vaults};
use crate::layout::{HEADER, SEALED_FRAME};
use crate::verify::{Expected, Finding, check};
use crate::{BlobError, Encryption, ObjectName, Stored};

async fn is_damaged(vault: &Vault, object: &ObjectName, size: u64) -> bool {
    let read = vault.get(object, size).await;
    matches!(read, Err(BlobError::Damaged { .. }))
}

/// What `verify` says about a stored object.
async fn finding(vault: &Vault, stored: &Stored) -> Option<Finding> {
    let expected = Expected {
        object: stored.object.clone(),
        sha256: stored.sha256,
        size: stored.size,
    };
    check(&vault.gate, &expected).await
}

#[tokio::test]
async fn a_flipped_bit_anywhere_in_the_header() {
    for vault in vaults().await {
        let stored = vault.put(b"hello").await;
        let key = stored.object.to_string();
        let sound = vault.raw(&key).await;
        // Over HTTP every seventh will do: what looks at the header is the same for every store.
        let step = if vault.label.starts_with("bucket") {
            7
        } else {
            1
        };
        for bit in (0..HEADER as usize * 8).step_by(step) {
            let mut flipped = sound.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            vault.tamper(&key, flipped).await;
            assert!(
                is_damaged(&vault, &stored.object, 5).await,
                "{} {bit}",
                vault.label
            );
        }
        vault.tamper(&key, sound).await;
        assert_eq!(finding(&vault, &stored).await, None);
    }
}

#[tokio::test]
async fn a_flipped_bit_in_the_body() {
    for vault in vaults().await {
        let stored = vault.put(&noise(200 * KIB)).await;
        let key = stored.object.to_string();
        let sound = vault.raw(&key).await;
        for at in (HEADER as usize..sound.len())
            .step_by(9_973)
            .chain([sound.len() - 1])
        {
            let mut flipped = sound.clone();
            flipped[at] ^= 0x10;
            vault.tamper(&key, flipped).await;
            let label = format!("{} {at}", vault.label);
            let found = finding(&vault, &stored).await;
            assert!(
                matches!(found, Some(Finding::Flipped { .. })),
                "{label}: {found:?}"
            );
            let seen = is_damaged(&vault, &stored.object, stored.size).await;
            assert_eq!(seen, vault.encryption == Encryption::Vault, "{label}");
        }
    }
}

#[tokio::test]
async fn cut_off_and_added_to() {
    let frame = SEALED_FRAME as usize;
    let header = HEADER as usize;
    for vault in vaults().await {
        let stored = vault.put(&noise(3 * 64 * KIB)).await;
        let key = stored.object.to_string();
        let sound = vault.raw(&key).await;
        let cuts = [
            0,
            1,
            header - 1,
            header,
            header + 16,
            header + frame,
            header + 2 * frame,
        ];
        let mut damaged: Vec<_> = cuts.iter().map(|cut| sound[..*cut].to_vec()).collect();
        damaged.push(sound[..sound.len() - 1].to_vec());
        damaged.push([&sound[..], b"x"].concat());
        damaged.push([&sound[..], &sound[header..header + frame]].concat());
        for (case, bytes) in damaged.into_iter().enumerate() {
            vault.tamper(&key, bytes).await;
            let found = finding(&vault, &stored).await;
            assert!(found.is_some(), "{} {case}", vault.label);
        }
    }
}

#[tokio::test]
async fn a_cut_at_a_frame_is_seen_by_whoever_reads_to_the_end() {
    let vault = Vault::in_memory(Encryption::Vault).await;
    let stored = vault.put(&noise(3 * 64 * KIB)).await;
    let key = stored.object.to_string();
    let mut bytes = vault.raw(&key).await;
    bytes.truncate((HEADER + 2 * SEALED_FRAME) as usize);
    vault.tamper(&key, bytes).await;
    assert!(is_damaged(&vault, &stored.object, 2 * 64 * KIB as u64).await);
}

#[tokio::test]
async fn frames_swapped_within_an_object() {
    let vault = Vault::in_memory(Encryption::Vault).await;
    let stored = vault.put(&noise(3 * 64 * KIB)).await;
    let key = stored.object.to_string();
    let sound = vault.raw(&key).await;
    let (header, frames) = sound.split_at(HEADER as usize);
    let frames: Vec<_> = frames.chunks(SEALED_FRAME as usize).collect();
    let swapped = [header, frames[1], frames[0], frames[2]].concat();
    vault.tamper(&key, swapped).await;
    assert!(is_damaged(&vault, &stored.object, stored.size).await);
}

#[tokio::test]
async fn bodies_and_objects_swapped() {
    for vault in vaults().await {
        let (one, two) = (
            vault.put(b"number one").await,
            vault.put(b"number two").await,
        );
        let header = HEADER as usize;
        let first = vault.raw(&one.object.to_string()).await;
        let second = vault.raw(&two.object.to_string()).await;
        vault.tamper(&one.object.to_string(), second.clone()).await;
        assert!(is_damaged(&vault, &one.object, 10).await, "{}", vault.label);
        let mixed = [&first[..header], &second[header..]].concat();
        vault.tamper(&one.object.to_string(), mixed).await;
        assert!(finding(&vault, &one).await.is_some(), "{}", vault.label);
    }
}

#[tokio::test]
async fn an_object_moved_to_another_tenant_or_id() {
    let vault = Vault::in_memory(Encryption::Vault).await;
    let stored = vault.put(b"mine").await;
    let other = TenantId::from_uuid(Uuid::from_u128(9));
    vault
        .gate
        .put_derived(other, stored.sha256, "thumb", 1, "key".into())
        .await
        .unwrap();
    let raw = vault.raw(&stored.object.to_string()).await;
    let moved = [
        (16, ObjectName::blob(other, stored.sha256, stored.blob)),
        (
            32,
            ObjectName::blob(TENANT, stored.sha256, BlobId::from_uuid(Uuid::from_u128(4))),
        ),
    ];
    for (at, name) in moved {
        vault.tamper(&name.to_string(), raw.clone()).await;
        assert!(is_damaged(&vault, &name, 4).await, "{name}");
        // Even with a header made to fit, the key stays locked.
        let mut forged = raw.clone();
        let id = if at == 16 {
            other.uuid()
        } else {
            Uuid::from_u128(4)
        };
        forged[at..at + 16].copy_from_slice(id.as_bytes());
        let sum = crc32fast::hash(&forged[..124]);
        forged[124..128].copy_from_slice(&sum.to_be_bytes());
        vault.tamper(&name.to_string(), forged).await;
        assert!(is_damaged(&vault, &name, 4).await, "{name}");
    }
}

#[tokio::test]
async fn derived_files_swapped() {
    for vault in vaults().await {
        let (gate, content) = (&vault.gate, super::sha(b"picture"));
        let thumb = gate
            .put_derived(TENANT, content, "thumb", 1, "small".into())
            .await
            .unwrap();
        let preview = gate
            .put_derived(TENANT, content, "preview", 1, "large".into())
            .await
            .unwrap();
        let raw = vault.raw(&preview.to_string()).await;
        vault.tamper(&thumb.to_string(), raw).await;
        let read = gate.read_derived(TENANT, content, "thumb", 1).await;
        assert!(
            matches!(read, Err(BlobError::Damaged { .. })),
            "{}",
            vault.label
        );
    }
}

#[tokio::test]
async fn an_open_object_slipped_into_an_encrypted_store() {
    let open = Vault::in_memory(Encryption::Off).await;
    let vault = Vault::in_memory(Encryption::Vault).await;
    let stored = open.put(b"believe me").await;
    let raw = open.raw(&stored.object.to_string()).await;
    vault.tamper(&stored.object.to_string(), raw).await;
    assert!(is_damaged(&vault, &stored.object, 10).await);
}
