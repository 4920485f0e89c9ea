//! What jobs have in common that carry out one step of one version: whom they are about, how they are
//! queued, and how the step tells of them.

use catalog::changes::{self, ChangeKind};
use catalog::jobs::{self, Job, NewJob};
use catalog::steps::{self, Failure as StepFailure, StepKey};
use catalog::versions::{self, VersionFile};
use catalog::{Tx, assets};
use domain::{AssetId, JobId, Sha256, TenantId, Timestamp, VersionId};
use futures::future::BoxFuture;
use futures::{FutureExt, TryStreamExt};
use media::{Input, Problem, ProblemCode};
use serde::Deserialize;
use uuid::Uuid;

use super::Failure;
use crate::Vault;
use crate::error::Error;

/// What a job is about, as the queue keeps it.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Payload {
    version: VersionId,
    /// The file, where it is not the version's original.
    #[serde(default)]
    file: Option<Sha256>,
}

impl Payload {
    fn to_json(self) -> serde_json::Value {
        match self.file {
            None => serde_json::json!({ "version": self.version }),
            Some(file) => serde_json::json!({ "version": self.version, "file": file }),
        }
    }
}

/// What is to be looked at.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// The tenant.
    pub tenant: TenantId,
    /// The asset.
    pub asset: AssetId,
    /// Its version.
    pub version: VersionId,
    /// Which of its files; `None`: the original.
    pub file: Option<Sha256>,
}

/// The asset and version a job is about, when it is one of these.
pub fn about(job: &Job) -> Option<(AssetId, VersionId)> {
    let payload: Payload = serde_json::from_value(job.payload.clone()).ok()?;
    Some((job.asset?, payload.version))
}

/// How the job is queued.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// A fresh id.
    pub job: JobId,
    /// How soon, against others.
    pub priority: i64,
    /// From when.
    pub now: Timestamp,
    /// How often it is tried.
    pub max_attempts: u32,
}

/// Queues a job of this kind, unless one about the same file waits or runs already.
pub async fn enqueue(
    tx: &mut Tx,
    kind: &str,
    about: About,
    order: Order,
) -> Result<(), catalog::Error> {
    let payload = Payload {
        version: about.version,
        file: about.file,
    };
    let payload = payload.to_json();
    let key = match about.file {
        None => about.version.to_string(),
        Some(file) => format!("{} {file}", about.version),
    };
    let job = NewJob {
        id: order.job,
        tenant: about.tenant,
        asset: Some(about.asset),
        kind,
        priority: order.priority,
        run_at: order.now,
        max_attempts: order.max_attempts,
        ukey: Some(&key),
        payload: &payload,
        created_at: order.now,
    };
    jobs::enqueue(tx, &job).await.map(drop)
}

/// Whether what a job did could be written.
type Kept = Result<(), catalog::Error>;

/// A job with what it is about.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    job: JobId,
    token: Uuid,
    pub(super) tenant: TenantId,
    pub(super) asset: AssetId,
    pub(super) version: VersionId,
    pub(super) file: Option<Sha256>,
    step: &'static str,
}

impl Subject {
    /// Of a job that a worker has under a lease.
    pub(super) fn of(job: &Job, step: &'static str) -> Result<Self, Error> {
        let missing = || Error::internal("a job without asset or lease");
        Ok(Self {
            token: job.lease_token.ok_or_else(missing)?,
            ..Self::unleased(job, step)?.ok_or_else(missing)?
        })
    }

    fn unleased(job: &Job, step: &'static str) -> Result<Option<Self>, Error> {
        let payload: Payload = serde_json::from_value(job.payload.clone())
            .map_err(|error| Error::Internal(Box::new(error)))?;
        Ok(job.asset.map(|asset| Self {
            job: job.id,
            token: Uuid::nil(),
            tenant: job.tenant,
            asset,
            version: payload.version,
            file: payload.file,
            step,
        }))
    }

    /// The step's key.
    pub(super) const fn step(&self) -> StepKey<'static> {
        StepKey {
            tenant: self.tenant,
            asset: self.asset,
            version: self.version,
            name: self.step,
        }
    }

    /// Notes that work begins, and gives the file that it is about. `None`: it is there no more.
    pub(super) async fn begin(self, vault: &Vault) -> Result<Option<VersionFile>, Error> {
        let now = vault.clock().now();
        let file = vault
            .catalog()
            .write(move |tx| {
                async move {
                    steps::begin(tx, self.step(), now).await?;
                    assets::recompute_status(tx, self.tenant, self.asset, now).await?;
                    self.find(tx).await
                }
                .boxed()
            })
            .await?;
        Ok(file)
    }

    /// The file that it is about, while the version has it.
    async fn find(&self, tx: &mut Tx) -> Result<Option<VersionFile>, catalog::Error> {
        let files = versions::files(tx, self.tenant, self.version).await?;
        let wanted = |file: &VersionFile| match self.file {
            None => file.role == versions::FileRole::Original,
            Some(sha256) => file.role != versions::FileRole::Original && file.sha256 == sha256,
        };
        Ok(files.into_iter().find(wanted))
    }

    /// Ends the job: what `keep` writes, status, change and the end of the job are one transaction. If
    /// the file is the version's no more, as when the asset was deleted, the job ends and nothing is kept.
    ///
    /// # Errors
    /// `Lost` when the job is ours no more: then nothing was written.
    pub(super) async fn conclude<K>(self, vault: &Vault, keep: K) -> Result<(), Failure>
    where
        K: for<'t> FnOnce(&'t mut Tx, VersionFile, Timestamp) -> BoxFuture<'t, Kept>
            + Send
            + 'static,
    {
        let now = vault.clock().now();
        let held = vault
            .catalog()
            .write(move |tx| {
                async move {
                    if jobs::ack(tx, &[self.job], self.token).await? == 0 {
                        return Ok(false);
                    }
                    if let Some(file) = self.find(tx).await? {
                        keep(tx, file, now).await?;
                        self.announce(tx, now).await?;
                    }
                    Ok(true)
                }
                .boxed()
            })
            .await?;
        vault.committed();
        if held { Ok(()) } else { Err(Failure::Lost) }
    }

    /// Notes that the step failed, and why.
    pub(super) async fn fail(
        &self,
        tx: &mut Tx,
        problem: &Problem,
        now: Timestamp,
    ) -> Result<(), catalog::Error> {
        steps::fail(tx, self.step(), failure(problem), now)
            .await
            .map(drop)
    }

    /// Brings the asset's status in line with its steps, and tells whoever looks at it.
    async fn announce(&self, tx: &mut Tx, now: Timestamp) -> Result<(), catalog::Error> {
        let (tenant, asset) = (self.tenant, self.asset);
        let status = assets::recompute_status(tx, tenant, asset, now).await?;
        changes::of_asset(tx, tenant, asset, ChangeKind::Updated, status, now).await
    }

    /// Notes in the step why it waits, and lets the queue try again.
    pub(super) async fn put_off(self, vault: &Vault, problem: Problem) -> Result<(), Failure> {
        let (now, text) = (vault.clock().now(), problem.message.clone());
        vault
            .catalog()
            .write(move |tx| {
                async move {
                    let failure = StepFailure {
                        code: problem.code.as_str(),
                        message: &problem.message,
                        retryable: true,
                    };
                    steps::postpone(tx, self.step(), failure, now).await
                }
                .boxed()
            })
            .await?;
        Err(Error::internal(text).into())
    }
}

/// Why a child has not looked at a file.
pub(super) enum Miss {
    /// The file's, or that of whoever was to look at it.
    Problem(Problem),
    /// The store did not answer, which says nothing about the file.
    Down(Error),
}

impl From<Problem> for Miss {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// A problem as a step tells it.
pub(super) fn failure(problem: &Problem) -> StepFailure<'_> {
    StepFailure {
        code: problem.code.as_str(),
        message: &problem.message,
        // A file ends the same each time; a time-out or a crash may have been the machine's.
        retryable: matches!(
            problem.code,
            ProblemCode::TimedOut | ProblemCode::Crashed | ProblemCode::Unavailable
        ),
    }
}

/// The plain bytes of a file, sealed for a child.
pub(super) async fn input(
    vault: &Vault,
    tenant: TenantId,
    file: &VersionFile,
) -> Result<Input, Miss> {
    fill(vault, tenant, file).await.map_err(|error| {
        tracing::warn!(object = %file.object, %error, "a file could not be read");
        match error {
            down @ Error::Unavailable { .. } => Miss::Down(down),
            _ => Miss::Problem(Problem {
                code: ProblemCode::Unavailable,
                message: format!("The {} could not be read.", file.role.as_str()),
            }),
        }
    })
}

async fn fill(vault: &Vault, tenant: TenantId, file: &VersionFile) -> Result<Input, Error> {
    let spool = |error: media::Error| Error::Internal(Box::new(error));
    let mut writer = vault.spool().begin(file.size).await.map_err(spool)?;
    let mut content = Box::pin(vault.bytes_of(tenant, file, 0..file.size).await?);
    while let Some(chunk) = content.try_next().await? {
        if file.size > media::input::LARGEST_IN_MEMORY {
            // It goes to a disk, which may make us wait.
            tokio::task::block_in_place(|| writer.write(&chunk)).map_err(spool)?;
        } else {
            writer.write(&chunk).map_err(spool)?;
        }
    }
    writer.seal().map_err(spool)
}

/// Notes in the step that the job is dead: it may be asked for again.
pub(super) async fn give_up(
    vault: &Vault,
    job: &Job,
    step: &'static str,
    message: &str,
) -> Result<(), Error> {
    let Some(subject) = Subject::unleased(job, step)? else {
        return Ok(());
    };
    let now = vault.clock().now();
    let message = match &job.last_error {
        Some(last) => format!("{message}: {last}"),
        None => message.to_owned(),
    };
    let problem = Problem {
        code: ProblemCode::Unavailable,
        message,
    };
    vault
        .catalog()
        .write(move |tx| {
            async move {
                subject.fail(tx, &problem, now).await?;
                subject.announce(tx, now).await
            }
            .boxed()
        })
        .await?;
    vault.committed();
    Ok(())
}
