//! What those who look after the vault see of its copies, and what they may ask for.

use catalog::blobs::{self as rows, Behind, CopySums, StoreRole};
use catalog::check_runs::{self, CheckState};
use catalog::{audit, findings, users};
use domain::{Page, Permission, Timestamp};
use futures::FutureExt;
use identity::Caller;
use serde_json::json;
use uuid::Uuid;

pub use catalog::check_runs::{CheckRun, CheckTally};
pub use catalog::findings::{Affected, Finding};

use crate::Vault;
use crate::config::Hours;
use crate::error::{Error, Result};
use crate::page;
use crate::replica::Standing;

/// Findings in a page when the client names no number.
const DEFAULT_PAGE: u32 = 50;

/// Most findings in a page.
const MAX_PAGE: u32 = 200;

/// Assets named for each finding.
const AFFECTED: usize = 5;

/// How the copies are.
#[derive(Debug)]
pub struct Integrity {
    /// The stores that hold them.
    pub stores: Vec<StoreReport>,
    /// Copies that are wrong and not repaired.
    pub open_findings: u64,
    /// The check that runs, or ran last.
    pub check: Option<CheckRun>,
    /// Days in which everything is read once; 0: only when asked for.
    pub scrub_days: u32,
    /// Bytes a second that are read for that.
    pub scrub_rate: u64,
    /// In which hours.
    pub scrub_hours: Hours,
}

/// How the copies in one store are.
#[derive(Debug)]
pub struct StoreReport {
    /// The part it plays.
    pub role: StoreRole,
    /// What people call it.
    pub name: String,
    /// Why it cannot be used just now, and since when.
    pub away: Option<(String, Option<Timestamp>)>,
    /// Bytes that can still be written; `None`: unknown.
    pub free_bytes: Option<u64>,
    /// Sums over its copies.
    pub sums: CopySums,
    /// What it is still to get.
    pub behind: Behind,
}

/// A finding with what it is about.
#[derive(Debug)]
pub struct FindingReport {
    /// The finding.
    pub finding: Finding,
    /// Some of the assets that have the file.
    pub affected: Vec<Affected>,
}

impl Vault {
    /// How the copies are.
    ///
    /// # Errors
    /// `Forbidden` without `system:maintain`; those of the database.
    pub async fn integrity(&self, caller: &Caller) -> Result<Integrity> {
        caller.require(Permission::SystemMaintain)?;
        let mut stores = vec![self.primary_report().await?];
        if self.replica().is_some() {
            stores.push(self.replica_report().await?);
        }
        let (open_findings, check) = self
            .catalog()
            .read(|tx| {
                async move { Ok((findings::open(tx).await?, check_runs::latest(tx).await?)) }
                    .boxed()
            })
            .await?;
        let config = self.live();
        Ok(Integrity {
            stores,
            open_findings,
            check,
            scrub_days: config.scrub_days,
            scrub_rate: config.scrub_rate,
            scrub_hours: config.scrub_hours,
        })
    }

    async fn primary_report(&self) -> Result<StoreReport> {
        let (sums, _) = self.sums_of(StoreRole::Primary).await?;
        let free = self.gate().free_space().await;
        let here = self.gate().has_ring().await;
        let away = match (&free, &here) {
            (Err(error), _) | (_, Err(error)) => Some((error.to_string(), None)),
            (_, Ok(false)) => Some(("it has no key ring: is its disk mounted?".to_owned(), None)),
            (_, Ok(true)) => None,
        };
        Ok(StoreReport {
            role: StoreRole::Primary,
            name: self.gate().store_name().to_owned(),
            away,
            free_bytes: free.ok().flatten(),
            sums,
            behind: Behind::default(),
        })
    }

    async fn replica_report(&self) -> Result<StoreReport> {
        let replica = self
            .replica()
            .ok_or_else(|| Error::internal("asked for a replica that is not configured"))?;
        let (sums, behind) = self.sums_of(StoreRole::Replica).await?;
        let free_bytes = match replica.gate() {
            // What it says is only shown; its own keeper tells how it is.
            Some(gate) => gate.free_space().await.ok().flatten(),
            None => None,
        };
        Ok(StoreReport {
            role: StoreRole::Replica,
            name: replica.name().to_owned(),
            away: match replica.standing() {
                Standing::Down { why, since } => Some((why, Some(since))),
                Standing::Ready | Standing::Unknown => None,
            },
            free_bytes,
            sums,
            behind,
        })
    }

    pub(crate) async fn sums_of(&self, role: StoreRole) -> Result<(CopySums, Behind)> {
        Ok(self
            .catalog()
            .read(move |tx| {
                async move {
                    Ok((
                        rows::copy_sums(tx, role).await?,
                        rows::behind(tx, role).await?,
                    ))
                }
                .boxed()
            })
            .await?)
    }

    /// How far the replica is behind.
    pub(crate) async fn behind(&self) -> Result<Behind> {
        Ok(self
            .catalog()
            .read(|tx| rows::behind(tx, StoreRole::Replica).boxed())
            .await?)
    }

    /// Copies that were found wrong, newest first.
    ///
    /// # Errors
    /// `Forbidden` without `system:maintain`, a field problem for `limit` or `cursor`.
    pub async fn findings(
        &self,
        caller: &Caller,
        open: bool,
        cursor: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Page<FindingReport>> {
        caller.require(Permission::SystemMaintain)?;
        let limit = page::size(limit, DEFAULT_PAGE, MAX_PAGE)?;
        let before: Option<Uuid> = page::after(cursor)?;
        let page = self
            .catalog()
            .read(move |tx| {
                async move {
                    let page = findings::list(tx, open, before, limit).await?;
                    let blobs: Vec<_> = page.items.iter().map(|finding| finding.blob).collect();
                    Ok((page, findings::affected(tx, &blobs, AFFECTED).await?))
                }
                .boxed()
            })
            .await?;
        let (page, affected) = page;
        let page = page.written();
        let items = page.items.into_iter().map(|finding| FindingReport {
            affected: affected.get(&finding.blob).cloned().unwrap_or_default(),
            finding,
        });
        Ok(Page {
            items: items.collect(),
            next: page.next,
        })
    }

    /// Begins to read every copy again, now. One that runs goes on.
    ///
    /// # Errors
    /// `Forbidden` without `system:maintain`; those of the database.
    pub async fn start_check(&self, caller: &Caller) -> Result<CheckRun> {
        caller.require(Permission::SystemMaintain)?;
        let entry = self.entry(caller, "check.started", None, json!({}));
        let (now, id) = (self.clock().now(), self.ids().fresh());
        let roles = [StoreRole::Primary, StoreRole::Replica, StoreRole::External];
        let (tenant, user) = (caller.tenant, caller.user);
        let run = self
            .catalog()
            .write(move |tx| {
                async move {
                    let mut tally = CheckTally::default();
                    for role in roles {
                        let (copies, bytes) = rows::count_unchecked(tx, role, now).await?;
                        tally.copies += copies;
                        tally.bytes += bytes;
                    }
                    let by = users::by_id(tx, tenant, user).await?;
                    let run = CheckRun {
                        id,
                        state: CheckState::Running,
                        started_by: by.map_or_else(String::new, |by| by.name.unwrap_or(by.email)),
                        started_at: now,
                        ended_at: None,
                        tally,
                        message: None,
                    };
                    if check_runs::begin(tx, &run).await? {
                        audit::append(tx, &entry).await?;
                    }
                    check_runs::latest(tx).await
                }
                .boxed()
            })
            .await?;
        run.ok_or_else(|| Error::internal("a check just begun is not there"))
    }

    /// Ends the check that runs. Whether one did.
    ///
    /// # Errors
    /// `Forbidden` without `system:maintain`; those of the database.
    pub async fn cancel_check(&self, caller: &Caller) -> Result<bool> {
        caller.require(Permission::SystemMaintain)?;
        let entry = self.entry(caller, "check.cancelled", None, json!({}));
        let now = self.clock().now();
        Ok(self
            .catalog()
            .write(move |tx| {
                async move {
                    let ended = check_runs::end(tx, None, CheckState::Cancelled, now).await?;
                    if ended {
                        audit::append(tx, &entry).await?;
                    }
                    Ok(ended)
                }
                .boxed()
            })
            .await?)
    }

    /// Has every copy that is wrong tried again within seconds, and what the replica is to get. How many
    /// copies are wrong.
    ///
    /// # Errors
    /// `Forbidden` without `system:maintain`; those of the database.
    pub async fn repair_again(&self, caller: &Caller) -> Result<u64> {
        caller.require(Permission::SystemMaintain)?;
        let entry = self.entry(caller, "repair.started", None, json!({}));
        let now = self.clock().now();
        Ok(self
            .catalog()
            .write(move |tx| {
                async move {
                    audit::append(tx, &entry).await?;
                    rows::hurry(tx, StoreRole::Replica, now).await?;
                    let primary = rows::suspect_unsound(tx, StoreRole::Primary).await?;
                    Ok(primary + rows::suspect_unsound(tx, StoreRole::Replica).await?)
                }
                .boxed()
            })
            .await?)
    }
}
