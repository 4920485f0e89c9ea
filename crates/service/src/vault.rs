//! The one struct that holds every collaborator. Made once, cloned freely.

use std::sync::{Arc, PoisonError, RwLock};

use blobs::Gate;
use catalog::Db;
use catalog::users;
use domain::{Clock, Code, Entropy, Ids};
use futures::FutureExt;
use identity::{Caller, Identity};
use media::{Spool, Workshop};
use tokio::sync::Notify;

use crate::audit::notary::Notary;
use crate::config::Config;
use crate::counted::{Counted, Library};
use crate::error::{Error, Result};
use crate::hub::Hub;
use crate::integrity::tell::Alarms;
use crate::links::Signer;
use crate::readiness::Draining;
use crate::renditions::shelf::Shelf;
use crate::replica::Replica;
use crate::runs::Runs;
use crate::settings::Live;

/// What a vault is made of; the binary opens the parts and joins them here.
pub struct Parts {
    /// Rows.
    pub catalog: Db,
    /// Bytes.
    pub gate: Gate,
    /// The second store, where there is one.
    pub replica: Option<Replica>,
    /// Sandboxed decoders.
    pub workshop: Workshop,
    /// Accounts.
    pub identity: Identity,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Key for signed links, the same on every node.
    pub link_key: [u8; 32],
    /// Key that signs the audit log, the same on every node.
    pub audit_key: [u8; 32],
    /// Where originals lie while a decoder reads them.
    pub spool: Spool,
    /// Settings.
    pub config: Config,
    /// Names of settings that the operator's configuration gives: they cannot be changed at run time.
    pub fixed: Vec<&'static str>,
}

/// The vault: every verb is a method on it. Cloning shares it.
#[derive(Clone)]
pub struct Vault {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    signer: Signer,
    notary: Notary,
    hub: Hub,
    shelf: Shelf,
    counted: Counted,
    runs: Runs,
    work: Notify,
    changed: Notify,
    draining: Draining,
    alarms: Alarms,
    live: RwLock<Live>,
}

impl Vault {
    /// Joins the parts. Nothing runs yet: see [`Vault::start_workers`](crate::jobs) and
    /// [`Vault::start_keepers`](crate::keepers).
    pub fn new(parts: Parts) -> Self {
        let signer = Signer::new(parts.link_key);
        let inner = Inner {
            signer,
            notary: Notary::new(parts.audit_key),
            hub: Hub::new(),
            shelf: Shelf::new(parts.config.picture_cache),
            counted: Counted::default(),
            runs: Runs::default(),
            live: RwLock::new(Live::of(&parts.config)),
            parts,
            work: Notify::new(),
            changed: Notify::new(),
            draining: Draining::default(),
            alarms: Alarms::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Settings of the verbs as the configuration gives them; see [`Vault::live`] for those that may
    /// have been changed since.
    pub fn config(&self) -> &Config {
        &self.inner.parts.config
    }

    /// Accounts.
    pub fn identity(&self) -> &Identity {
        &self.inner.parts.identity
    }

    /// The event hub of this node.
    pub fn hub(&self) -> &Hub {
        &self.inner.hub
    }

    /// Pictures that were asked for lately.
    pub(crate) fn shelf(&self) -> &Shelf {
        &self.inner.shelf
    }

    /// What was counted of whole libraries.
    pub(crate) fn counted(&self) -> &Counted {
        &self.inner.counted
    }

    /// Archives that are being written.
    pub(crate) fn runs(&self) -> &Runs {
        &self.inner.runs
    }

    /// Whether the configuration gives this setting.
    pub(crate) fn is_fixed(&self, name: &str) -> bool {
        self.inner.parts.fixed.contains(&name)
    }

    pub(crate) fn read_live(&self) -> Live {
        self.inner
            .live
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn set_live(&self, live: Live) {
        *self
            .inner
            .live
            .write()
            .unwrap_or_else(PoisonError::into_inner) = live;
    }

    pub(crate) fn catalog(&self) -> &Db {
        &self.inner.parts.catalog
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.inner.parts.gate
    }

    /// The second store, where one is configured.
    pub fn replica(&self) -> Option<&Replica> {
        self.inner.parts.replica.as_ref()
    }

    pub(crate) fn workshop(&self) -> &Workshop {
        &self.inner.parts.workshop
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.parts.clock
    }

    pub(crate) fn ids(&self) -> Ids<'_> {
        Ids::new(&*self.inner.parts.clock, &*self.inner.parts.entropy)
    }

    pub(crate) fn draining(&self) -> &Draining {
        &self.inner.draining
    }

    /// What was found damaged and not told yet.
    pub(crate) fn alarms(&self) -> &Alarms {
        &self.inner.alarms
    }

    pub(crate) fn signer(&self) -> &Signer {
        &self.inner.signer
    }

    pub(crate) fn notary(&self) -> &Notary {
        &self.inner.notary
    }

    pub(crate) fn spool(&self) -> &Spool {
        &self.inner.parts.spool
    }

    /// Rung when there may be new work on this node.
    pub(crate) fn work(&self) -> &Notify {
        &self.inner.work
    }

    /// Rung when the change log may have grown on this node.
    pub(crate) fn changed(&self) -> &Notify {
        &self.inner.changed
    }

    /// Refuses early when the caller's quota cannot take `size` more bytes. The commit decides: this
    /// only saves sending what would be refused.
    pub(crate) async fn require_quota(&self, caller: &Caller, size: u64) -> Result<()> {
        let (tenant, id) = (caller.tenant, caller.user);
        let user = self
            .catalog()
            .read(move |tx| users::by_id(tx, tenant, id).boxed())
            .await?;
        let user = user.ok_or_else(Error::not_found)?;
        match user.quota {
            Some(quota) if user.used.saturating_add(size) > quota || user.used >= quota => {
                let detail = format!("{} of {quota} bytes are used", user.used);
                Err(Error::refused(Code::QuotaExceeded, detail))
            }
            _ => Ok(()),
        }
    }

    /// Refuses before the disk is so full that the database suffers.
    pub(crate) async fn require_room(&self, size: u64) -> Result<()> {
        let Some(free) = self.gate().free_space().await? else {
            return Ok(());
        };
        if free.saturating_sub(size) < self.config().min_free_space {
            return Err(Error::StorageFull(format!("{free} bytes are free").into()));
        }
        Ok(())
    }

    /// [`Vault::committed`] after a change of what lies in a library, so that whoever changed it sees
    /// it changed.
    pub(crate) fn committed_in(&self, library: Library) {
        self.inner.counted.forget(library);
        self.committed();
    }

    /// Wakes workers and followers after a commit. Other nodes find out by polling.
    pub(crate) fn committed(&self) {
        self.inner.work.notify_one();
        self.inner.changed.notify_one();
    }
}
