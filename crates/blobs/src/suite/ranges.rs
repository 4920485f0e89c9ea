//! Any range is the slice.

use bytes::Bytes;
use futures::TryStreamExt;
use proptest::test_runner::{Config, TestRunner};

use super::{KIB, TENANT, noise, vaults};
use crate::BlobError;

#[test]
fn any_range_is_the_slice() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let bytes = noise(1500 * KIB + 77);
    for vault in runtime.block_on(vaults()) {
        let object = runtime.block_on(vault.put(&bytes)).object;
        let mut runner = TestRunner::new(Config::with_cases(60));
        let any = 0..=bytes.len();
        runner
            .run(&(any.clone(), any), |(a, b)| {
                let (start, end) = (a.min(b), a.max(b));
                let stream = vault.gate.read(TENANT, &object, start as u64..end as u64);
                let pieces: Vec<Bytes> = runtime.block_on(Box::pin(stream).try_collect()).unwrap();
                assert!(
                    pieces.concat() == bytes[start..end],
                    "{} {start}..{end}",
                    vault.label
                );
                Ok(())
            })
            .unwrap();
    }
}

#[tokio::test]
async fn edges_of_frames() {
    let bytes = noise(130 * KIB);
    let frame = 64 * KIB;
    for vault in vaults().await {
        let object = vault.put(&bytes).await.object;
        for range in [
            0..0,
            0..1,
            0..frame,
            frame - 1..frame + 1,
            frame..frame,
            frame..2 * frame,
            2 * frame..bytes.len(),
            bytes.len() - 1..bytes.len(),
            bytes.len()..bytes.len(),
        ] {
            let stream = vault
                .gate
                .read(TENANT, &object, range.start as u64..range.end as u64);
            let pieces: Vec<Bytes> = Box::pin(stream).try_collect().await.unwrap();
            assert!(
                pieces.concat() == bytes[range.clone()],
                "{} {range:?}",
                vault.label
            );
        }
    }
}

#[tokio::test]
async fn more_than_there_is_counts_as_damage() {
    for vault in vaults().await {
        let stored = vault.put(b"short").await;
        let read = vault.get(&stored.object, 6).await;
        assert!(
            matches!(read, Err(BlobError::Damaged { .. })),
            "{}",
            vault.label
        );
    }
}
