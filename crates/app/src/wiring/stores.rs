//! Opens stores by their addresses: the one place that knows which kinds there are.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use blobs::{BlobError, FolderStore, Gate, MasterKey, MemoryStore, S3Store, Store, has_key_ring};
use catalog::Db;
use domain::{Clock, Entropy};
use service::relocate;
use service::replica::Replica;

use crate::config::{Config, Encryption};

/// Forgets everything when the vault stops.
const MEMORY: &str = "memory:";

/// What stores are opened with.
#[derive(Clone)]
pub struct Stores {
    /// For how a bucket is reached.
    config: Arc<Config>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Stores {
    /// By this configuration.
    pub fn new(config: &Config, clock: &Arc<dyn Clock>, entropy: &Arc<dyn Entropy>) -> Self {
        Self {
            config: Arc::new(config.clone()),
            clock: Arc::clone(clock),
            entropy: Arc::clone(entropy),
        }
    }

    /// The store at an address: a folder, `file://…`, `s3://…` or `memory:`.
    ///
    /// # Errors
    /// It cannot be opened.
    pub async fn open(&self, url: &str) -> Result<Arc<dyn Store>, BlobError> {
        if url == MEMORY {
            return Ok(Arc::new(MemoryStore::new(Arc::clone(&self.clock))));
        }
        if let Some((address, settings)) = self.config.bucket_at(url) {
            let (clock, entropy) = (Arc::clone(&self.clock), Arc::clone(&self.entropy));
            let store = S3Store::new(&address, &settings, clock, entropy)?;
            if !store.look().await?.conditional {
                tracing::warn!(%address, "the bucket ignores If-None-Match: names are looked up before they are written");
            }
            return Ok(Arc::new(store));
        }
        let folder = Path::new(url.trim_start_matches("file://"));
        Ok(Arc::new(FolderStore::open(folder)?))
    }
}

/// The primary store, wherever it was moved to, behind its gate.
///
/// # Errors
/// It cannot be opened, or has lost what the catalog knows of.
pub async fn open_gate(
    config: &Config,
    catalog: &Db,
    stores: &Stores,
    master: &MasterKey,
    entropy: &Arc<dyn Entropy>,
) -> anyhow::Result<Gate> {
    let configured = config.primary_url();
    let url = relocate::primary_url(catalog, &configured).await?;
    if url != configured {
        tracing::warn!(
            store = url,
            "the primary store was moved here: say so in store_url when that is to stay"
        );
    }
    let store = open_named(stores, &url).await?;
    if url != MEMORY && !has_key_ring(&*store).await? && relocate::expects_bytes(catalog).await? {
        anyhow::bail!(
            "{} has no key ring, and the catalog knows of files in it. Is its disk mounted? \
             If it is lost, mediavault storage restore begins it anew from the replica",
            store.name()
        );
    }
    let encryption = encryption(config);
    let gate = Gate::open(store, master.clone(), encryption, Arc::clone(entropy)).await;
    gate.context("the blob store cannot be opened")
}

/// A store that must be there.
///
/// # Errors
/// It cannot be opened.
pub async fn open_named(stores: &Stores, url: &str) -> anyhow::Result<Arc<dyn Store>> {
    let opened = stores.open(url).await;
    opened.with_context(|| format!("the store {url} cannot be opened"))
}

/// The mode that stores are opened in.
pub const fn encryption(config: &Config) -> blobs::Encryption {
    match config.encryption {
        Encryption::On => blobs::Encryption::Vault,
        Encryption::Off => blobs::Encryption::Off,
    }
}

/// The second store, where one is configured. It is opened when it is needed, and again whenever that
/// failed: a vault starts without it.
pub fn replica(config: &Config, stores: &Stores) -> Option<Replica> {
    let url = config.replica_url.clone()?;
    let (name, stores) = (url.clone(), stores.clone());
    let open = move || -> futures::future::BoxFuture<'static, Result<Arc<dyn Store>, BlobError>> {
        let (url, stores) = (url.clone(), stores.clone());
        Box::pin(async move { stores.open(&url).await })
    };
    let rate = config.service.replica_rate;
    Some(Replica::new(name, rate, Box::new(open)))
}
