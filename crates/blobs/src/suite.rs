//! The conformance suite: what every store must do, in both modes.

use std::sync::Arc;

use bytes::Bytes;
use domain::{BlobId, Ids, ManualClock, SeededEntropy, Sha256, TenantId, Timestamp};
use futures::TryStreamExt;
use tempfile::TempDir;

use crate::store::{Publish, Store};
use crate::{
    BlobError, Encryption, Expect, FolderStore, Gate, MasterKey, MemoryStore, ObjectName,
    S3Address, S3Settings, S3Store, Stored,
};

mod copies;
mod damage;
mod folder;
mod full;
mod gate;
mod ranges;
mod recover;
mod store;

pub(crate) const TENANT: TenantId = TenantId::DEFAULT;
const KIB: usize = 1024;

/// One store behind one gate.
pub(crate) struct Vault {
    /// For messages of failed assertions.
    pub label: String,
    pub gate: Gate,
    pub store: Arc<dyn Store>,
    pub encryption: Encryption,
    clock: Arc<ManualClock>,
    entropy: Arc<SeededEntropy>,
    folder: Option<TempDir>,
}

pub(crate) fn master() -> MasterKey {
    MasterKey::generate(&SeededEntropy::new(1))
}

/// Every store in every mode, empty.
pub(crate) async fn vaults() -> Vec<Vault> {
    let mut vaults = Vec::new();
    for encryption in [Encryption::Vault, Encryption::Off] {
        let folder = tempfile::tempdir().unwrap();
        let store = FolderStore::open(folder.path()).unwrap();
        let mut vault = Vault::over(Arc::new(store), encryption).await;
        vault.folder = Some(folder);
        vaults.push(vault);
        vaults.push(Vault::in_memory(encryption).await);
        vaults.push(Vault::over(Arc::new(bucket(encryption).await), encryption).await);
    }
    vaults
}

/// An empty bucket: in one mode all of it, in the other a part.
pub(crate) async fn bucket(encryption: Encryption) -> S3Store {
    let place = testkit::s3::Place::fresh().await;
    let address = S3Address {
        bucket: place.bucket.clone(),
        prefix: match encryption {
            Encryption::Vault => "some/where/".to_owned(),
            Encryption::Off => String::new(),
        },
    };
    open(&address, &place).await
}

async fn open(address: &S3Address, place: &testkit::s3::Place) -> S3Store {
    let settings = S3Settings {
        endpoint: Some(place.endpoint.clone()),
        keys: Some((place.key_id.clone(), place.secret.clone())),
        path_style: true,
        // Of the servers that tests use none is quick on a busy machine.
        timeout: testkit::PATIENCE,
        ..S3Settings::default()
    };
    let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_000_000)));
    let entropy = Arc::new(SeededEntropy::new(4));
    let store = S3Store::new(address, &settings, clock, entropy).unwrap();
    assert!(store.look().await.unwrap().conditional);
    store
}

impl Vault {
    pub async fn in_memory(encryption: Encryption) -> Self {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_000_000)));
        Self::over(Arc::new(MemoryStore::new(clock)), encryption).await
    }

    pub async fn over(store: Arc<dyn Store>, encryption: Encryption) -> Self {
        let entropy = Arc::new(SeededEntropy::new(2));
        let opened = Gate::open(store.clone(), master(), encryption, entropy.clone()).await;
        Self {
            label: format!("{} {encryption:?}", store.name()),
            gate: opened.unwrap(),
            store,
            encryption,
            clock: Arc::new(ManualClock::at(Timestamp::from_millis(1_700_000_000_000))),
            entropy,
            folder: None,
        }
    }

    pub fn fresh_blob(&self) -> BlobId {
        Ids::new(&*self.clock, &*self.entropy).fresh()
    }

    /// Takes in `bytes` in pieces of `piece` bytes.
    pub async fn put_in_pieces(
        &self,
        bytes: &[u8],
        piece: usize,
        expect: Expect,
    ) -> Result<Stored, BlobError> {
        let mut writer = self.gate.writer(TENANT, self.fresh_blob(), expect).await?;
        for piece in bytes.chunks(piece) {
            writer.write(Bytes::copy_from_slice(piece)).await?;
        }
        writer.finish().await
    }

    pub async fn put(&self, bytes: &[u8]) -> Stored {
        let expect = Expect::at_most(u64::MAX);
        self.put_in_pieces(bytes, 50_000, expect).await.unwrap()
    }

    pub async fn get(&self, object: &ObjectName, size: u64) -> Result<Vec<u8>, BlobError> {
        let stream = self.gate.read(object.tenant(), object, 0..size);
        let pieces: Vec<Bytes> = Box::pin(stream).try_collect().await?;
        Ok(pieces.concat())
    }

    /// All bytes as they lie in the store.
    pub async fn raw(&self, key: &str) -> Vec<u8> {
        self.store
            .read(key, 0..u64::MAX)
            .await
            .unwrap()
            .unwrap()
            .bytes
    }

    /// Puts other bytes in the place of an object, as a broken disk or an intruder would.
    pub async fn tamper(&self, key: &str, bytes: Vec<u8>) {
        let staged = self.store.stage();
        staged.publish(bytes, key, Publish::Replace).await.unwrap();
    }

    /// Keys of everything in the store but the key ring.
    pub async fn keys(&self) -> Vec<String> {
        let entries = self.store.list("", None, 10_000).await.unwrap();
        let keys = entries.into_iter().map(|entry| entry.key);
        keys.filter(|key| key != "keyring.json").collect()
    }

    /// Waits until nothing but the key ring is left: the batch under way of a dropped writer ends by
    /// itself.
    pub async fn until_empty(&self) {
        let empty = async {
            while !self.keys().await.is_empty() {
                tokio::task::yield_now().await;
            }
        };
        let limit = std::time::Duration::from_secs(20);
        let emptied = tokio::time::timeout(limit, empty).await;
        assert!(emptied.is_ok(), "{}: {:?}", self.label, self.keys().await);
    }
}

/// Bytes that repeat neither within a frame nor across frames.
pub(crate) fn noise(len: usize) -> Vec<u8> {
    use domain::Entropy;
    let mut bytes = vec![0; len];
    SeededEntropy::new(len as u64).fill(&mut bytes);
    bytes
}

pub(crate) fn sha(bytes: &[u8]) -> Sha256 {
    Sha256::of(bytes)
}
