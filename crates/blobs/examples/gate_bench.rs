//! How fast bytes go through the gate: `cargo run --release -p blobs --example gate_bench -- MIB
//! [FOLDER] [vault|off]`. Writes one blob in pieces as a socket gives them, syncs it, reads it back,
//! reads a thumbnail-sized one many times, and removes the blobs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use blobs::{BlobError, Encryption, Expect, FolderStore, Gate, MasterKey, Stored};
use bytes::Bytes;
use domain::{BlobId, Entropy, SeededEntropy, TenantId};
use futures::TryStreamExt;
use uuid::Uuid;

const MIB: u64 = 1024 * 1024;
const PIECE: usize = 64 * 1024;
const SMALL_READS: u32 = 20_000;
const TENANT: TenantId = TenantId::DEFAULT;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mib = arguments.next().map_or(Ok(1024), |text| text.parse())?;
    let folder = arguments
        .next()
        .map_or_else(std::env::temp_dir, PathBuf::from);
    let encryption = match arguments.next().as_deref() {
        Some("off") => Encryption::Off,
        _ => Encryption::Vault,
    };
    let root = folder.join(format!("gate-bench-{}", std::process::id()));
    let measured = measure(&root, encryption, mib).await;
    std::fs::remove_dir_all(&root)?;
    Ok(measured?)
}

async fn measure(root: &Path, encryption: Encryption, mib: u64) -> Result<(), BlobError> {
    // A fixed seed: a bench may repeat itself, a vault may not.
    let entropy = Arc::new(SeededEntropy::new(1));
    let master = MasterKey::generate(&*entropy);
    let store = Arc::new(FolderStore::open(root)?);
    let gate = Gate::open(store, master, encryption, entropy.clone()).await?;

    let mut piece = vec![0; PIECE];
    entropy.fill(&mut piece);
    let piece = Bytes::from(piece);
    let start = Instant::now();
    let stored = write(&gate, 1, &piece, mib * MIB / PIECE as u64).await?;
    report("write", stored.size, start.elapsed());

    let start = Instant::now();
    let mut stream = Box::pin(gate.read(TENANT, &stored.object, 0..stored.size));
    let mut read = 0;
    while let Some(bytes) = stream.try_next().await? {
        read += bytes.len() as u64;
    }
    report("read", read, start.elapsed());

    let start = Instant::now();
    let verified = gate.verify(&stored.object).await?;
    report("verify", verified.size, start.elapsed());

    let small = write(&gate, 2, &piece.slice(..20_000), 1).await?;
    let start = Instant::now();
    for _ in 0..SMALL_READS {
        gate.read_small(TENANT, &small.object, MIB).await?;
    }
    let each = start.elapsed() / SMALL_READS;
    println!("small read: {each:?} each");
    Ok(())
}

async fn write(gate: &Gate, id: u128, piece: &Bytes, count: u64) -> Result<Stored, BlobError> {
    let blob = BlobId::from_uuid(Uuid::from_u128(id));
    let mut writer = gate.writer(TENANT, blob, Expect::at_most(u64::MAX)).await?;
    for _ in 0..count {
        writer.write(piece.clone()).await?;
    }
    writer.finish().await
}

fn report(what: &str, bytes: u64, took: Duration) {
    let rate = bytes as f64 / 1e6 / took.as_secs_f64();
    println!("{what}: {rate:.0} MB/s ({} MiB in {took:?})", bytes / MIB);
}
