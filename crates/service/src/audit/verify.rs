//! Reads the audit log again from its beginning and tells the first thing that is not as it was
//! sealed.

use catalog::audit::chain::{self, Link, Seal};
use catalog::{Error as CatalogError, Tx};
use domain::{Permission, TenantId, Timestamp};
use futures::FutureExt;
use identity::Caller;
use uuid::Uuid;

use super::notary::Notary;
use super::seal::NOTHING;
use crate::Vault;
use crate::error::Result;

/// Rows read at a time.
const PAGE: u32 = 1_000;

/// How much earlier than the seal before it an entry may say it happened: a transaction takes its
/// time, and clocks of nodes differ.
const SLACK_MILLIS: i64 = 60 * 60 * 1000;

/// What is wrong first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The entry at this place does not say what was sealed.
    Altered {
        /// Its place.
        place: i64,
        /// Its id now.
        entry: Uuid,
    },
    /// There is no entry at this place any more.
    Removed {
        /// The first place that is empty.
        place: i64,
    },
    /// The entry was added later than it says, or takes the place of another.
    Inserted {
        /// Its id.
        entry: Uuid,
        /// When it says it happened.
        at: Timestamp,
    },
    /// Entries up to this place were altered and hashed anew, which their seal gives away.
    Resealed {
        /// The seal's place.
        place: i64,
    },
    /// The signature at this place is not the vault's own.
    Forged {
        /// Its place.
        place: i64,
    },
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Entries that are as they were sealed, up to the first fault.
    pub intact: u64,
    /// Entries that wait for the next seal.
    pub waiting: u64,
    /// Places before this one were removed, signed for, because they were old enough.
    pub first: i64,
    /// The last seal: kept somewhere else, it proves later that nothing before it is missing.
    pub head: Option<Seal>,
    /// The first fault.
    pub fault: Option<Fault>,
}

impl Vault {
    /// Verifies the caller's tenant's log.
    ///
    /// # Errors
    /// `Forbidden` without `audit:read`; those of the database.
    pub async fn verify_audit_log(&self, caller: &Caller) -> Result<Verdict> {
        caller.require(Permission::AuditRead)?;
        self.verify_audit_log_of(caller.tenant).await
    }

    /// Verifies the log of every tenant, at the machine itself.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn verify_audit_logs_here(&self) -> Result<Vec<(TenantId, Verdict)>> {
        let mut verdicts = Vec::new();
        for tenant in self.tenants().await? {
            verdicts.push((tenant, self.verify_audit_log_of(tenant).await?));
        }
        Ok(verdicts)
    }

    async fn verify_audit_log_of(&self, tenant: TenantId) -> Result<Verdict> {
        let notary = self.notary().clone();
        // All in one snapshot: what is sealed or removed meanwhile is no fault.
        Ok(self
            .catalog()
            .read(move |tx| {
                async move {
                    let mut reader = Reader::open(tx, tenant, notary).await?;
                    let fault = reader.read(tx).await?;
                    let waiting = chain::waiting(tx, tenant).await?;
                    Ok(Verdict {
                        intact: reader.intact,
                        waiting: waiting.unsigned_abs(),
                        first: reader.first,
                        head: reader.head,
                        fault,
                    })
                }
                .boxed()
            })
            .await?)
    }
}

/// Walks along the chain.
struct Reader {
    tenant: TenantId,
    notary: Notary,
    first: i64,
    place: i64,
    hash: Vec<u8>,
    intact: u64,
    /// When the last seal that was passed was made.
    sealed_at: Option<Timestamp>,
    head: Option<Seal>,
    fault: Option<Fault>,
}

impl Reader {
    async fn open(tx: &mut Tx, tenant: TenantId, notary: Notary) -> Result<Self, CatalogError> {
        let checkpoint = chain::checkpoint(tx, tenant).await?;
        let forged = checkpoint
            .as_ref()
            .filter(|seal| !notary.is_genuine(seal))
            .map(|seal| Fault::Forged { place: seal.place });
        let (place, hash) =
            checkpoint.map_or((0, NOTHING.to_vec()), |seal| (seal.place, seal.hash));
        Ok(Self {
            tenant,
            notary,
            first: place + 1,
            place,
            hash,
            intact: 0,
            sealed_at: None,
            head: None,
            fault: forged,
        })
    }

    async fn read(&mut self, tx: &mut Tx) -> Result<Option<Fault>, CatalogError> {
        let mut last = self.place;
        while self.fault.is_none() {
            let seals = chain::seals(tx, self.tenant, last, PAGE).await?;
            for seal in &seals {
                last = seal.place;
                self.up_to(tx, seal).await?;
                if self.fault.is_some() {
                    break;
                }
            }
            if seals.len() < PAGE as usize {
                break;
            }
        }
        if self.fault.is_none() {
            self.fault = self.beyond(tx).await?;
        }
        Ok(self.fault.take())
    }

    /// Follows the chain to a seal.
    async fn up_to(&mut self, tx: &mut Tx, seal: &Seal) -> Result<(), CatalogError> {
        if !self.notary.is_genuine(seal) {
            self.fault = Some(Fault::Forged { place: seal.place });
            return Ok(());
        }
        while self.place < seal.place {
            let left = u32::try_from(seal.place - self.place).unwrap_or(PAGE);
            let links = chain::links(tx, self.tenant, self.place, left.min(PAGE)).await?;
            if links.is_empty() {
                let place = self.place + 1;
                self.fault = Some(Fault::Removed { place });
                return Ok(());
            }
            for link in &links {
                self.fault = self.fault_of(link, seal);
                if self.fault.is_some() {
                    return Ok(());
                }
            }
        }
        if self.hash != seal.hash {
            self.fault = Some(Fault::Resealed { place: seal.place });
            return Ok(());
        }
        self.sealed_at = Some(seal.at);
        self.head = Some(seal.clone());
        Ok(())
    }

    /// Takes the next entry, which `seal` covers.
    fn fault_of(&mut self, link: &Link, seal: &Seal) -> Option<Fault> {
        let (place, hash) = link.sealed.as_ref()?;
        let inserted = Fault::Inserted {
            entry: link.id,
            at: link.at,
        };
        if *place <= self.place {
            return Some(inserted);
        }
        if *place > self.place + 1 {
            let place = self.place + 1;
            return Some(Fault::Removed { place });
        }
        let computed = link.hash(self.tenant, *place, &self.hash);
        if computed.as_bytes()[..] != hash[..] {
            let (place, entry) = (*place, link.id);
            return Some(Fault::Altered { place, entry });
        }
        if self.is_backdated(link.at) || link.at > seal.at.plus_millis(SLACK_MILLIS) {
            return Some(inserted);
        }
        (self.place, self.hash) = (*place, hash.clone());
        self.intact += 1;
        None
    }

    /// What no seal covers: entries with a place that nobody signed, and those that wait although
    /// they say they happened long before the last seal.
    async fn beyond(&self, tx: &mut Tx) -> Result<Option<Fault>, CatalogError> {
        let placed = chain::links(tx, self.tenant, self.place, 1).await?;
        let waiting = chain::unsealed(tx, self.tenant, PAGE).await?;
        let late = waiting.iter().filter(|link| self.is_backdated(link.at));
        Ok(placed
            .iter()
            .chain(late)
            .next()
            .map(|link| Fault::Inserted {
                entry: link.id,
                at: link.at,
            }))
    }

    fn is_backdated(&self, at: Timestamp) -> bool {
        self.sealed_at
            .is_some_and(|sealed| at < sealed.plus_millis(-SLACK_MILLIS))
    }
}
