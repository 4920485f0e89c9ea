//! The queue, for whoever looks after it. Owners see their own steps instead.

use std::collections::BTreeMap;

use catalog::changes::{self, ChangeKind};
use catalog::jobs::{self, JobState};
use catalog::steps::{self, StepKey};
use catalog::{Tx, assets, audit};
use domain::{JobId, Page, Permission, TenantId, Timestamp, UserId};
use futures::FutureExt;
use identity::Caller;
use serde_json::json;

pub use catalog::jobs::{Counts, Job, Pause};

use crate::Vault;
use crate::error::{Error, Result};
use crate::jobs::{KINDS, version};

/// Longest pause, in seconds.
const MAX_PAUSE: u32 = 86_400;

/// Dead jobs revived in one transaction.
const PAGE: u32 = 100;

/// What waits, runs and was put aside.
#[derive(Debug)]
pub struct Queue {
    /// How many of each, in the caller's tenant.
    pub counts: Counts,
    /// The same by kind, every kind this program carries out among them.
    pub kinds: BTreeMap<String, Counts>,
    /// The pauses that hold, in the whole installation.
    pub pauses: Vec<Pause>,
    /// Some jobs, newest first.
    pub jobs: Page<Job, JobId>,
}

/// Which jobs of the queue to show.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shown<'a> {
    /// `waiting`, `running` or `dead`; `None`: all.
    pub state: Option<&'a str>,
    /// Older than this one.
    pub before: Option<JobId>,
    /// At most so many.
    pub limit: u32,
}

impl Vault {
    /// The queue of the caller's tenant.
    ///
    /// # Errors
    /// `Forbidden` without `jobs:manage`, a field problem.
    pub async fn queue(&self, caller: &Caller, shown: Shown<'_>) -> Result<Queue> {
        caller.require(Permission::JobsManage)?;
        let state = shown.state.map(named).transpose()?;
        let (tenant, now) = (caller.tenant, self.clock().now());
        let (before, limit) = (shown.before, shown.limit);
        let mut queue = self
            .catalog()
            .read(move |tx| {
                async move {
                    Ok(Queue {
                        counts: jobs::counts(tx, tenant).await?,
                        kinds: jobs::standing(tx, tenant).await?,
                        pauses: jobs::pauses(tx, KINDS, now).await?,
                        jobs: jobs::list(tx, tenant, state, before, limit).await?,
                    })
                }
                .boxed()
            })
            .await?;
        for kind in KINDS {
            queue.kinds.entry((*kind).to_owned()).or_default();
        }
        Ok(queue)
    }

    /// Keeps all nodes from beginning jobs of a kind, or any, for so many seconds. What runs comes to its
    /// end.
    ///
    /// # Errors
    /// `Forbidden`, a field problem.
    pub async fn pause_jobs(
        &self,
        caller: &Caller,
        kind: Option<&str>,
        seconds: u32,
    ) -> Result<Pause> {
        caller.require(Permission::JobsManage)?;
        let entry = self.entry(
            caller,
            "jobs.paused",
            None,
            json!({ "kind": kind, "seconds": seconds }),
        );
        self.pause(kind, seconds, Some(caller.user), entry).await
    }

    /// The same for a command at the machine.
    ///
    /// # Errors
    /// A field problem.
    pub async fn pause_jobs_here(&self, kind: Option<&str>, seconds: u32) -> Result<Pause> {
        let detail = json!({ "kind": kind, "seconds": seconds });
        self.pause(
            kind,
            seconds,
            None,
            self.console_entry("jobs.paused", detail),
        )
        .await
    }

    async fn pause(
        &self,
        kind: Option<&str>,
        seconds: u32,
        by: Option<UserId>,
        entry: audit::Entry,
    ) -> Result<Pause> {
        let kind = kind.map(known).transpose()?;
        if !(1..=MAX_PAUSE).contains(&seconds) {
            return Err(Error::field("seconds", format!("1 to {MAX_PAUSE}")));
        }
        let now = self.clock().now();
        let pause = Pause {
            kind: kind.map(str::to_owned),
            until: now.plus_millis(i64::from(seconds) * 1000),
            by,
        };
        let kept = pause.clone();
        self.catalog()
            .write(move |tx| {
                async move {
                    jobs::pause(tx, &kept, now).await?;
                    audit::append(tx, &entry).await
                }
                .boxed()
            })
            .await?;
        Ok(pause)
    }

    /// Ends a pause: that of a kind, or without one that of all kinds together.
    ///
    /// # Errors
    /// `Forbidden`, a field problem.
    pub async fn resume_jobs(&self, caller: &Caller, kind: Option<&str>) -> Result<()> {
        caller.require(Permission::JobsManage)?;
        let entry = self.entry(caller, "jobs.resumed", None, json!({ "kind": kind }));
        self.resume(kind, entry).await
    }

    /// The same for a command at the machine.
    ///
    /// # Errors
    /// A field problem.
    pub async fn resume_jobs_here(&self, kind: Option<&str>) -> Result<()> {
        self.resume(
            kind,
            self.console_entry("jobs.resumed", json!({ "kind": kind })),
        )
        .await
    }

    async fn resume(&self, kind: Option<&str>, entry: audit::Entry) -> Result<()> {
        let kind = kind.map(known).transpose()?.map(str::to_owned);
        self.catalog()
            .write(move |tx| {
                async move {
                    if jobs::resume(tx, kind.as_deref()).await? {
                        audit::append(tx, &entry).await?;
                    }
                    Ok(())
                }
                .boxed()
            })
            .await?;
        self.committed();
        Ok(())
    }

    /// Puts a dead job back into the queue.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound` when there is no such dead job.
    pub async fn retry_job(&self, caller: &Caller, id: JobId) -> Result<()> {
        caller.require(Permission::JobsManage)?;
        self.change_job(caller, id, "job.retry").await
    }

    /// Puts all dead jobs of the caller's tenant (of one kind) back into the queue. How many.
    ///
    /// # Errors
    /// `Forbidden`, a field problem.
    pub async fn retry_all_jobs(&self, caller: &Caller, kind: Option<&str>) -> Result<u64> {
        caller.require(Permission::JobsManage)?;
        let kind = kind.map(known).transpose()?;
        let (tenant, mut after, mut count) = (caller.tenant, None, 0);
        loop {
            let page = self
                .catalog()
                .read(move |tx| jobs::dead(tx, tenant, kind, after, PAGE).boxed())
                .await?;
            let Some(last) = page.last() else { break };
            after = Some(*last);
            let entry = self.entry(caller, "jobs.retried", None, json!({ "kind": kind }));
            count += self.revive(tenant, page, entry).await?;
        }
        self.committed();
        Ok(count)
    }

    async fn revive(
        &self,
        tenant: TenantId,
        page: Vec<JobId>,
        mut entry: audit::Entry,
    ) -> Result<u64> {
        let now = self.clock().now();
        self.catalog()
            .write_as(move |tx| {
                async move {
                    let mut count = 0;
                    for id in page {
                        // One that died again, or that another has replaced, is passed over.
                        if let Some(job) = jobs::retry(tx, tenant, id, now).await? {
                            note(tx, &job, Change::Retry, now).await?;
                            count += 1;
                        }
                    }
                    if let Some(detail) = entry.detail.as_object_mut() {
                        detail.insert("count".to_owned(), json!(count));
                    }
                    audit::append(tx, &entry).await?;
                    Ok(count)
                }
                .boxed()
            })
            .await
    }

    /// Takes a job out of the queue.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`.
    pub async fn cancel_job(&self, caller: &Caller, id: JobId) -> Result<()> {
        caller.require(Permission::JobsManage)?;
        self.change_job(caller, id, "job.cancel").await
    }

    /// Changes the job and, with it, what its asset's owner reads in the step list.
    async fn change_job(&self, caller: &Caller, id: JobId, action: &'static str) -> Result<()> {
        let (tenant, now) = (caller.tenant, self.clock().now());
        let entry = self.entry(caller, action, Some(id.uuid()), json!({}));
        let change = match action {
            "job.retry" => Change::Retry,
            _ => Change::Cancel,
        };
        self.catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let job = match change {
                        Change::Retry => jobs::retry(tx, tenant, id, now).await?,
                        Change::Cancel => jobs::cancel(tx, tenant, id).await?,
                    };
                    let job = job.ok_or_else(Error::not_found)?;
                    audit::append(tx, &entry).await?;
                    note(tx, &job, change, now).await
                }
                .boxed()
            })
            .await?;
        self.committed();
        Ok(())
    }
}

/// What is done to a job.
#[derive(Debug, Clone, Copy)]
enum Change {
    Retry,
    Cancel,
}

/// Notes in the step of the job's asset what was done, and tells whoever looks at it.
async fn note(tx: &mut Tx, job: &Job, change: Change, now: Timestamp) -> Result<()> {
    let Some((asset, version)) = version::about(job) else {
        return Ok(());
    };
    let step = StepKey {
        tenant: job.tenant,
        asset,
        version,
        name: &job.kind,
    };
    match change {
        Change::Retry => steps::retry(tx, step).await?,
        Change::Cancel => steps::cancel(tx, step, now).await?,
    };
    let status = assets::recompute_status(tx, job.tenant, asset, now).await?;
    changes::of_asset(tx, job.tenant, asset, ChangeKind::Updated, status, now).await?;
    Ok(())
}

/// The kind of job that is called so.
fn known(kind: &str) -> Result<&'static str> {
    KINDS
        .iter()
        .copied()
        .find(|known| *known == kind)
        .ok_or_else(|| Error::field("kind", format!("one of {}", KINDS.join(", "))))
}

fn named(word: &str) -> Result<JobState> {
    JobState::ALL
        .iter()
        .copied()
        .find(|state| state.as_str() == word)
        .ok_or_else(|| Error::field("state", "waiting, running or dead"))
}
