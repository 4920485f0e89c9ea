//! The second store, which gets a copy of everything a little later.
//!
//! It may be away for days: nothing waits for it. What it is still to get stands in the catalog, in rows
//! that are written with the blobs themselves; [`copying`] works them off. A replica is ours when its
//! key ring is: one with other keys is refused, and one that has lost its ring is taken for a disk that
//! is not mounted, never for a new one.

pub(crate) mod copying;

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use blobs::{BlobError, Gate, Pace, RingStanding, Store};
use catalog::Tx;
use catalog::blobs::{self as rows, StoreRole};
use catalog::settings;
use domain::{BlobId, TenantId, Timestamp};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::json;

use crate::Vault;
use crate::error::Result;

/// The setting that remembers which store the copies' rows speak of.
pub(crate) const BOUND: &str = "store/replica";

/// Rows looked at in one transaction when everything is held against what the replica has.
const PAGE: u32 = 2_000;

/// Opens the store, each time that it is not open.
pub type Opener =
    Box<dyn Fn() -> BoxFuture<'static, Result<Arc<dyn Store>, BlobError>> + Send + Sync>;

/// The second store.
pub struct Replica {
    name: String,
    open: Opener,
    pace: Pace,
    attached: RwLock<Option<Gate>>,
    standing: RwLock<Standing>,
    /// Whether everything there is was held against what it has.
    stocked: AtomicBool,
    /// Milliseconds of the last look at its key ring.
    probed: AtomicI64,
    /// Since when it was away when people were told last, in milliseconds.
    told: AtomicI64,
}

/// How the replica is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It was not looked at yet.
    Unknown,
    /// It takes copies.
    Ready,
    /// It does not, why, and since when.
    Down {
        /// In words, for the operator.
        why: String,
        /// Since when.
        since: Timestamp,
    },
}

impl Replica {
    /// A replica that people know by `name`, written to with at most `rate` bytes a second; 0 is as fast
    /// as it goes.
    pub fn new(name: String, rate: u64, open: Opener) -> Self {
        Self {
            name,
            open,
            pace: Pace::new(rate),
            attached: RwLock::new(None),
            standing: RwLock::new(Standing::Unknown),
            stocked: AtomicBool::new(false),
            probed: AtomicI64::new(0),
            told: AtomicI64::new(0),
        }
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it is.
    pub fn standing(&self) -> Standing {
        let standing = self.standing.read();
        standing.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The copies, where the replica can be read.
    pub(crate) fn gate(&self) -> Option<Gate> {
        let attached = self.attached.read();
        attached.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The way in, opened and proved to be ours; from then on the rows speak of this store.
    pub(crate) async fn attach(&self, vault: &Vault) -> Result<Gate> {
        if let Some(gate) = self.gate() {
            return Ok(gate);
        }
        let gate = vault.gate().beside((self.open)().await?);
        self.bind(vault, &gate).await?;
        let attached = Some(gate.clone());
        *self
            .attached
            .write()
            .unwrap_or_else(PoisonError::into_inner) = attached;
        Ok(gate)
    }

    async fn bind(&self, vault: &Vault, gate: &Gate) -> Result<()> {
        let name = json!({"name": gate.store_name()});
        let bound = vault
            .catalog()
            .read(|tx| settings::get(tx, BOUND).boxed())
            .await?;
        let again = bound.as_ref() == Some(&name);
        match gate.ring_standing().await? {
            RingStanding::Absent if again => return Err(lost_ring(gate)),
            RingStanding::Foreign(why) => return Err(foreign(gate, &why)),
            RingStanding::Absent | RingStanding::Older => gate.put_ring().await?,
            RingStanding::Same => {}
        }
        if !again {
            let now = vault.clock().now();
            vault
                .catalog()
                .write(move |tx| {
                    async move {
                        rows::forget_store(tx, StoreRole::Replica).await?;
                        settings::put(tx, BOUND, &name, now).await
                    }
                    .boxed()
                })
                .await?;
            tracing::info!(replica = gate.store_name(), "a replica is begun");
        }
        Ok(())
    }

    /// Holds what the replica has against everything there is, once in the life of the program.
    async fn take_stock(&self, vault: &Vault) -> Result<()> {
        if !self.stocked.load(Ordering::Relaxed) {
            vault.backfill(StoreRole::Replica).await?;
            self.stocked.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Holds the replica against what it was: the same keys, ours brought up to date.
    pub(crate) async fn probe(gate: &Gate) -> Result<()> {
        match gate.ring_standing().await? {
            RingStanding::Same => Ok(()),
            RingStanding::Older => Ok(gate.put_ring().await?),
            RingStanding::Absent => Err(lost_ring(gate)),
            RingStanding::Foreign(why) => Err(foreign(gate, &why)),
        }
    }

    fn last_probe(&self) -> i64 {
        self.probed.load(Ordering::Relaxed)
    }

    fn probed(&self, now: Timestamp) {
        self.probed.store(now.millis(), Ordering::Relaxed);
    }

    /// Whether people are still to be told of an absence that began at `since`.
    fn tell_once(&self, since: Timestamp) -> bool {
        self.told.swap(since.millis(), Ordering::Relaxed) != since.millis()
    }

    fn was_told(&self, since: Timestamp) -> bool {
        self.told.load(Ordering::Relaxed) == since.millis()
    }

    fn set(&self, standing: Standing) -> Standing {
        let mut held = self
            .standing
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut held, standing)
    }
}

fn lost_ring(gate: &Gate) -> crate::Error {
    let why = format!(
        "{} has no key ring any more: is its disk mounted? If it is a new one, run mediavault storage new-replica",
        gate.store_name()
    );
    BlobError::Keys(why).into()
}

fn foreign(gate: &Gate, why: &str) -> crate::Error {
    let why = format!("{} belongs to another vault: {why}", gate.store_name());
    BlobError::Keys(why).into()
}

impl Vault {
    /// Has every blob copied to a store that has it not.
    pub(crate) async fn backfill(&self, store: StoreRole) -> Result<()> {
        let mut after = None;
        loop {
            let now = self.clock().now();
            after = self
                .catalog()
                .write(move |tx| {
                    async move { rows::backfill(tx, store, after, PAGE, now).await }.boxed()
                })
                .await?;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// Forgets what a replica had that is not configured any more: should it come back, everything there
    /// is looked at anew. For the start of a server.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn let_replica_go(&self) -> Result<()> {
        if self.replica().is_some() {
            return Ok(());
        }
        let forgotten = self
            .catalog()
            .write(|tx| {
                async move {
                    if settings::take(tx, BOUND).await?.is_none() {
                        return Ok(None);
                    }
                    rows::forget_store(tx, StoreRole::Replica).await.map(Some)
                }
                .boxed()
            })
            .await?;
        if let Some(copies) = forgotten {
            tracing::warn!(
                copies,
                "no replica is configured any more: its copies are left alone"
            );
        }
        Ok(())
    }

    /// Has the replica taken for a new one at the next start: what the old one had is forgotten.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn renew_replica(&self) -> Result<u64> {
        Ok(self
            .catalog()
            .write(|tx| {
                async move {
                    settings::take(tx, BOUND).await?;
                    rows::forget_store(tx, StoreRole::Replica).await
                }
                .boxed()
            })
            .await?)
    }
}

/// Notes, in the transaction that makes a blob, where its bytes lie and who is to get a copy.
pub(crate) async fn note_written(
    tx: &mut Tx,
    vault: &Vault,
    tenant: TenantId,
    blob: BlobId,
    now: Timestamp,
) -> Result<(), catalog::Error> {
    let copy = rows::BlobCopy::written(StoreRole::Primary, now);
    rows::put_copy(tx, tenant, blob, &copy).await?;
    if vault.replica().is_some() {
        rows::copy_due(tx, tenant, blob, StoreRole::Replica, now).await?;
    }
    Ok(())
}
