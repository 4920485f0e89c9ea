//! In and out through the gate.

use std::collections::HashSet;
use std::io::{Read, Seek};

use bytes::Bytes;
use domain::{BlobId, TenantId, UploadId};
use futures::TryStreamExt;
use uuid::Uuid;

use super::{KIB, TENANT, noise, sha, vaults};
use crate::sweep::sweep;
use crate::{Area, BlobError, Encryption, Expect, ObjectName};

const SIZES: [usize; 9] = [
    0,
    1,
    64 * KIB - 1,
    64 * KIB,
    64 * KIB + 1,
    128 * KIB,
    1024 * KIB,
    1024 * KIB + 1,
    5 * 1024 * KIB + 12_345,
];

#[tokio::test]
async fn what_goes_in_comes_out() {
    for vault in vaults().await {
        for size in SIZES {
            let bytes = noise(size);
            let stored = vault.put(&bytes).await;
            let label = format!("{} {size}", vault.label);
            assert_eq!(stored.sha256, sha(&bytes), "{label}");
            assert_eq!(stored.size, size as u64, "{label}");
            let stat = vault.gate.stat(&stored.object).await.unwrap().unwrap();
            assert_eq!(stat.size, stored.stored_size, "{label}");
            let reader = vault.gate.reader(TENANT, &stored.object).await.unwrap();
            assert_eq!(reader.unwrap().size(), stored.size, "{label}");
            let read = vault.get(&stored.object, stored.size).await.unwrap();
            assert!(read == bytes, "{label}");
            let verified = vault.gate.verify(&stored.object).await.unwrap();
            assert_eq!(verified.sha256, stored.sha256, "{label}");
            assert_eq!(verified.size, stored.size, "{label}");
        }
    }
}

#[tokio::test]
async fn pieces_do_not_matter() {
    for vault in vaults().await {
        let bytes = noise(200 * KIB);
        for piece in [1000, 64 * KIB, 64 * KIB + 1, 200 * KIB] {
            let expect = Expect {
                sha256: Some(sha(&bytes)),
                size: Some(bytes.len() as u64),
                max_size: bytes.len() as u64,
            };
            let stored = vault.put_in_pieces(&bytes, piece, expect).await.unwrap();
            let read = vault.get(&stored.object, stored.size).await.unwrap();
            assert!(read == bytes, "{} {piece}", vault.label);
        }
    }
}

#[tokio::test]
async fn plain_bytes_show_only_where_encryption_is_off() {
    let bytes = noise(100 * KIB);
    for vault in vaults().await {
        let stored = vault.put(&bytes).await;
        let raw = vault.raw(&stored.object.to_string()).await;
        let shows = raw.windows(32).any(|window| window == &bytes[1000..1032]);
        assert_eq!(
            shows,
            vault.encryption == Encryption::Off,
            "{}",
            vault.label
        );
    }
}

#[tokio::test]
async fn the_same_bytes_twice_are_two_unlike_objects() {
    for vault in vaults().await {
        let (one, two) = tokio::join!(vault.put(b"same"), vault.put(b"same"));
        assert_ne!(one.object, two.object, "{}", vault.label);
        let one = vault.raw(&one.object.to_string()).await;
        let two = vault.raw(&two.object.to_string()).await;
        let alike = one[128..] == two[128..];
        assert_eq!(
            alike,
            vault.encryption == Encryption::Off,
            "{}",
            vault.label
        );
    }
}

#[tokio::test]
async fn what_was_not_announced_is_refused_and_leaves_nothing() {
    let bytes = noise(3 * 1024 * KIB);
    let size = bytes.len() as u64;
    let announced = |sha256, size, max_size| Expect {
        sha256,
        size,
        max_size,
    };
    for vault in vaults().await {
        let put = async |expect| {
            vault
                .put_in_pieces(&bytes, 100_000, expect)
                .await
                .unwrap_err()
        };
        let wrong = put(announced(Some(sha(b"other")), None, size)).await;
        assert!(matches!(wrong, BlobError::DigestMismatch { found, .. } if found == sha(&bytes)));
        let short = put(announced(None, Some(size + 1), size + 1)).await;
        assert!(matches!(short, BlobError::SizeMismatch { found, .. } if found == size));
        let long = put(announced(None, Some(size - 1), size)).await;
        assert!(matches!(long, BlobError::SizeMismatch { .. }));
        let large = put(announced(None, None, size - 1)).await;
        assert!(matches!(large, BlobError::TooLarge { max } if max == size - 1));
        let announced_large = put(announced(None, Some(size), size - 1)).await;
        assert!(matches!(announced_large, BlobError::TooLarge { .. }));
        vault.until_empty().await;
    }
}

#[tokio::test]
async fn a_part_holds_what_came_whatever_was_announced() {
    let bytes = noise(100 * KIB);
    for vault in vaults().await {
        let expect = Expect {
            sha256: Some(sha(b"of the whole")),
            size: Some(1_000_000),
            max_size: u64::MAX,
        };
        let blob = vault.fresh_blob();
        let mut writer = vault.gate.writer(TENANT, blob, expect).await.unwrap();
        writer.write(Bytes::copy_from_slice(&bytes)).await.unwrap();
        let upload = UploadId::from_uuid(blob.uuid());
        let stored = writer.finish_as_part(upload).await.unwrap();
        let part = ObjectName::Part {
            tenant: TENANT,
            upload,
            blob,
        };
        // A store that wanted the name before the bytes keeps it as a blob's.
        let early = ObjectName::early(TENANT, blob);
        let (area, name) = match vault.store.stage_named(&early.to_string()) {
            Some(_) => (Area::Blobs, early),
            None => (Area::Parts, part),
        };
        assert_eq!(stored.object, name, "{}", vault.label);
        assert_eq!(vault.get(&stored.object, stored.size).await.unwrap(), bytes);
        let listed = vault.gate.list(area, None, 10).await.unwrap();
        assert_eq!(listed.len(), 1, "{}", vault.label);
        assert_eq!(listed[0].object, Some(stored.object));
    }
}

#[tokio::test]
async fn an_abandoned_writer_leaves_nothing() {
    for vault in vaults().await {
        let expect = Expect::at_most(u64::MAX);
        let blob = vault.fresh_blob();
        let mut writer = vault.gate.writer(TENANT, blob, expect).await.unwrap();
        for _ in 0..3 {
            writer.write(noise(1024 * KIB).into()).await.unwrap();
        }
        drop(writer);
        vault.until_empty().await;
    }
}

#[tokio::test]
async fn a_taken_name_is_never_written_over() {
    for vault in vaults().await {
        let blob = BlobId::from_uuid(Uuid::from_u128(77));
        let put = async || {
            let expect = Expect::at_most(100);
            let mut writer = vault.gate.writer(TENANT, blob, expect).await?;
            writer.write(Bytes::from_static(b"once")).await?;
            writer.finish().await
        };
        let first = put().await.unwrap();
        let before = vault.raw(&first.object.to_string()).await;
        assert!(matches!(put().await, Err(BlobError::Exists { .. })));
        let after = vault.raw(&first.object.to_string()).await;
        assert!(before == after, "{}", vault.label);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn work_goes_on_in_tasks_of_its_own() {
    for vault in vaults().await {
        let work = async move {
            let bytes = noise(100);
            let stored = vault.put(&bytes).await;
            let read = vault.get(&stored.object, stored.size).await.unwrap();
            let now = domain::Timestamp::from_millis(0);
            let known = |_| std::future::ready(Ok::<_, BlobError>(HashSet::new()));
            sweep(&vault.gate, now, known).await.unwrap();
            read == bytes
        };
        assert!(tokio::spawn(work).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once() {
    for vault in vaults().await {
        let contents: Vec<_> = (0..12).map(|n| noise(150_000 + n % 3)).collect();
        let puts = contents.iter().map(|bytes| vault.put(bytes));
        let stored = futures::future::join_all(puts).await;
        for (stored, bytes) in stored.iter().zip(&contents) {
            let read = vault.get(&stored.object, stored.size).await.unwrap();
            assert!(read == *bytes, "{}", vault.label);
        }
        assert_eq!(vault.keys().await.len(), contents.len(), "{}", vault.label);
    }
}

#[tokio::test]
async fn what_is_not_there() {
    for vault in vaults().await {
        let stored = vault.put(b"here").await;
        assert!(vault.gate.delete(&stored.object).await.unwrap());
        assert!(!vault.gate.delete(&stored.object).await.unwrap());
        assert_eq!(vault.gate.stat(&stored.object).await.unwrap(), None);
        assert!(
            vault
                .gate
                .reader(TENANT, &stored.object)
                .await
                .unwrap()
                .is_none()
        );
        for result in [
            vault.get(&stored.object, 4).await.err(),
            vault.gate.verify(&stored.object).await.err(),
        ] {
            assert!(matches!(result, Some(BlobError::NotFound { .. })));
        }
    }
}

#[tokio::test]
async fn another_tenant_sees_nothing() {
    let stranger = TenantId::from_uuid(Uuid::from_u128(9));
    for vault in vaults().await {
        let object = vault.put(b"mine").await.object;
        assert!(
            vault
                .gate
                .reader(stranger, &object)
                .await
                .unwrap()
                .is_none()
        );
        assert!(
            vault
                .gate
                .read_small(stranger, &object, 9)
                .await
                .unwrap()
                .is_none()
        );
        let read: Result<Vec<_>, _> = Box::pin(vault.gate.read(stranger, &object, 0..4))
            .try_collect()
            .await;
        assert!(matches!(read, Err(BlobError::NotFound { .. })));
    }
}

#[tokio::test]
async fn small_objects_in_one_piece() {
    for vault in vaults().await {
        for size in [0, 1, 64 * KIB, 300 * KIB] {
            let bytes = noise(size);
            let object = vault.put(&bytes).await.object;
            let read = vault.gate.read_small(TENANT, &object, size as u64).await;
            assert!(read.unwrap().unwrap() == bytes, "{} {size}", vault.label);
            if let Some(less) = size.checked_sub(1) {
                let read = vault.gate.read_small(TENANT, &object, less as u64).await;
                assert!(matches!(read, Err(BlobError::TooLarge { .. })));
            }
        }
    }
}

#[tokio::test]
async fn a_whole_object_goes_to_a_file() {
    for vault in vaults().await {
        let bytes = noise(3 * 1024 * KIB + 5);
        let object = vault.put(&bytes).await.object;
        let mut file = tempfile::tempfile().unwrap();
        let written = vault
            .gate
            .read_to_file(TENANT, &object, &file)
            .await
            .unwrap();
        assert_eq!(written, bytes.len() as u64);
        let mut copy = Vec::new();
        file.rewind().unwrap();
        file.read_to_end(&mut copy).unwrap();
        assert!(copy == bytes, "{}", vault.label);
    }
}

#[tokio::test]
async fn derived_files_are_replaced_and_removed() {
    let content = sha(b"picture");
    for vault in vaults().await {
        let gate = &vault.gate;
        assert_eq!(
            gate.read_derived(TENANT, content, "thumb", 1)
                .await
                .unwrap(),
            None
        );
        for (name, version, bytes) in [
            ("thumb", 1, "old"),
            ("thumb", 1, "new"),
            ("thumb", 2, "next"),
            ("preview", 1, "large"),
        ] {
            gate.put_derived(TENANT, content, name, version, bytes.into())
                .await
                .unwrap();
        }
        let read = gate
            .read_derived(TENANT, content, "thumb", 1)
            .await
            .unwrap();
        assert_eq!(read.as_deref(), Some(&b"new"[..]), "{}", vault.label);
        assert_eq!(gate.delete_derived(TENANT, content).await.unwrap(), 3);
        assert_eq!(
            gate.read_derived(TENANT, content, "thumb", 2)
                .await
                .unwrap(),
            None
        );
        let bad = gate
            .put_derived(TENANT, content, "../x", 1, Bytes::new())
            .await;
        assert!(matches!(bad, Err(BlobError::InvalidName(_))));
    }
}
