//! The queue, for whoever looks after it. Owners see their own steps instead.

use catalog::changes::{self, ChangeKind};
use catalog::jobs::{self, Counts, Job, JobState};
use catalog::steps::{self, StepKey};
use catalog::{assets, audit};
use domain::{JobId, Permission};
use futures::FutureExt;
use identity::Caller;

use crate::Vault;
use crate::error::{Error, Result};
use crate::jobs::picture;

/// What waits, runs and was put aside.
#[derive(Debug)]
pub struct Queue {
    /// How many of each, in the caller's tenant.
    pub counts: Counts,
    /// Some of them, newest first.
    pub jobs: Vec<Job>,
}

impl Vault {
    /// The queue of the caller's tenant.
    ///
    /// # Errors
    /// `Forbidden` without `jobs:manage`, a field problem.
    pub async fn queue(
        &self,
        caller: &Caller,
        state: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Queue> {
        caller.require(Permission::JobsManage)?;
        let limit = limit.unwrap_or(100);
        if !(1..=200).contains(&limit) {
            return Err(Error::field("limit", "1 to 200"));
        }
        let named = |word: &str| {
            JobState::ALL
                .iter()
                .copied()
                .find(|state| state.as_str() == word)
        };
        let state = match state {
            None => None,
            Some(word) => {
                Some(named(word).ok_or_else(|| Error::field("state", "waiting, running or dead"))?)
            }
        };
        let tenant = caller.tenant;
        Ok(self
            .catalog()
            .read(move |tx| {
                async move {
                    Ok(Queue {
                        counts: jobs::counts(tx, tenant).await?,
                        jobs: jobs::list(tx, tenant, state, None, limit).await?,
                    })
                }
                .boxed()
            })
            .await?)
    }

    /// Puts a dead job back into the queue.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound` when there is no such dead job.
    pub async fn retry_job(&self, caller: &Caller, id: JobId) -> Result<()> {
        caller.require(Permission::JobsManage)?;
        self.change_job(caller, id, "job.retry").await
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
        let entry = self.entry(caller, action, Some(id.uuid()), serde_json::json!({}));
        self.catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let job = match action {
                        "job.retry" => jobs::retry(tx, tenant, id, now).await?,
                        _ => jobs::cancel(tx, tenant, id).await?,
                    };
                    let job = job.ok_or_else(Error::not_found)?;
                    audit::append(tx, &entry).await?;
                    let Some((asset, version)) = picture::about(&job) else {
                        return Ok(());
                    };
                    let step = StepKey {
                        tenant,
                        asset,
                        version,
                        name: &job.kind,
                    };
                    match action {
                        "job.retry" => steps::retry(tx, step).await?,
                        _ => steps::cancel(tx, step, now).await?,
                    };
                    let status = assets::recompute_status(tx, tenant, asset, now).await?;
                    let kind = ChangeKind::Updated;
                    changes::of_asset(tx, tenant, asset, kind, status, now).await?;
                    Ok(())
                }
                .boxed()
            })
            .await?;
        self.committed();
        Ok(())
    }
}
