//! Opens the parts of a vault and joins them, in the order they depend on one another: keys, rows,
//! bytes, decoders, accounts, verbs. Reads top to bottom as what happens at start.

pub mod stores;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use blobs::MasterKey;
use catalog::{DataDirLock, Db};
use domain::{Clock, Entropy, Timestamp};
use identity::Identity;
use media::{Spool, Workshop};
use service::{Parts, Vault, relocate};

use crate::config::Config;

use stores::Stores;

/// Connections to PostgreSQL that one process keeps at most.
const CONNECTIONS: usize = 16;

/// An open vault. The data directory is locked until [`Opened::close`].
pub struct Opened {
    /// The verbs.
    pub vault: Vault,
    /// Accounts.
    pub identity: Identity,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Opens other stores.
    pub stores: Stores,
    catalog: Db,
    _lock: DataDirLock,
}

/// Opens everything the configuration names.
///
/// # Errors
/// What could not be opened, in words for the operator.
pub async fn open(config: &Config) -> anyhow::Result<Opened> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let lock = DataDirLock::acquire(&config.data_dir)?;
    let master = master_key(config, &*entropy)?;
    let catalog = open_catalog(config, &lock).await?;
    let stores = Stores::new(config, &clock, &entropy);
    let gate = stores::open_gate(config, &catalog, &stores, &master, &entropy).await?;
    let spool_dir = config.data_dir.join("spool");
    std::fs::create_dir_all(&spool_dir).with_context(|| spool_dir.display().to_string())?;
    let spool = Spool::new(spool_dir, config.media.spool_budget);
    let workshop = start_workshop(config).await?;
    let mut accounts = config.identity.clone();
    accounts.issuer = config.public_url();
    let identity = Identity::new(
        catalog.clone(),
        Arc::clone(&clock),
        Arc::clone(&entropy),
        accounts,
        gate.keys().derive("accounts"),
    )?;
    let vault = Vault::new(Parts {
        catalog: catalog.clone(),
        link_key: gate.keys().derive("links"),
        audit_key: gate.keys().derive("audit"),
        gate,
        replica: stores::replica(config, &stores),
        workshop,
        identity: identity.clone(),
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        spool,
        config: config.service.clone(),
        fixed: config.given.clone(),
    });
    vault.load_settings().await?;
    Ok(Opened {
        vault,
        identity,
        clock,
        entropy,
        stores,
        catalog,
        _lock: lock,
    })
}

impl Opened {
    /// Closes the database and gives the data directory back.
    pub async fn close(self) {
        self.catalog.close().await;
    }
}

/// A key ring brought from the replica to a primary store that has lost it: the store's name, and how
/// many copies in it are taken for lost.
///
/// # Errors
/// There is no replica, it has no ring, or the primary store has one.
pub async fn restore_ring(config: &Config) -> anyhow::Result<(String, u64)> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let lock = DataDirLock::acquire(&config.data_dir)?;
    let master = master_key(config, &SystemEntropy)?;
    let catalog = open_catalog(config, &lock).await?;
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let stores = Stores::new(config, &clock, &entropy);
    let replica = config
        .replica_url
        .as_deref()
        .context("there is no replica: set replica_url")?;
    let replica = stores::open_named(&stores, replica).await?;
    let url = relocate::primary_url(&catalog, &config.primary_url()).await?;
    let primary = stores::open_named(&stores, &url).await?;
    let encryption = stores::encryption(config);
    blobs::restore_key_ring(&replica, &primary, &master, encryption).await?;
    let lost = relocate::take_primary_for_lost(&catalog).await?;
    catalog.close().await;
    Ok((primary.name().to_owned(), lost))
}

/// Where the key lies when the configuration does not give it.
pub fn master_key_path(config: &Config) -> PathBuf {
    config.data_dir.join("keys").join("master.key")
}

/// The configured key, else the one in the data directory, else a new one, kept there from now on.
fn master_key(config: &Config, entropy: &dyn Entropy) -> anyhow::Result<MasterKey> {
    if let Some(text) = &config.master_key {
        return text.reveal().trim().parse().context("master_key");
    }
    let path = master_key_path(config);
    if let Some(key) = MasterKey::load(&path)? {
        return Ok(key);
    }
    let key = MasterKey::generate(entropy);
    key.save(&path)?;
    Ok(key)
}

async fn open_catalog(config: &Config, lock: &DataDirLock) -> anyhow::Result<Db> {
    let opened = match &config.database_url {
        Some(url) => Db::open_postgres(url.reveal(), CONNECTIONS).await,
        None => Db::open_sqlite(lock.clone()).await,
    };
    opened.context("the database cannot be opened")
}

/// The decoders run in children of this very program.
async fn start_workshop(config: &Config) -> anyhow::Result<Workshop> {
    let exe = PathBuf::from("/proc/self/exe");
    Workshop::start(config.media.clone(), exe, vec![OsString::from("sandbox")])
        .await
        .context("the decoders cannot be started")
}

/// The machine's clock: the one place where the time of day is asked for.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "this is where the clock comes from"
    )]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let millis = since.map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        });
        Timestamp::from_millis(millis)
    }
}

/// The operating system's randomness.
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        use rand::TryRng as _;
        rand::rngs::SysRng
            .try_fill_bytes(buffer)
            .expect("the operating system always has randomness once it has started");
    }
}
