//! The `picture` job: one decode in a sandboxed child gives the facts, the renditions and the
//! hashes of a version's original.

use std::io::Read;

use bytes::Bytes;
use catalog::assets;
use catalog::changes::{self, ChangeKind};
use catalog::jobs::{self, Job, NewJob};
use catalog::renditions::{self, Rendition};
use catalog::steps::{self, Failure as StepFailure, StepKey};
use catalog::versions::{self, FileRole, VersionFile};
use catalog::{Tx, contents};
use domain::{AssetId, JobId, TenantId, Timestamp, VersionId};
use futures::{FutureExt, TryStreamExt};
use media::steps::{PICTURE, estimate, picture_task};
use media::{Input, Outcome, Problem, ProblemCode, Task};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Failure;
use crate::Vault;
use crate::error::Error;

/// The kind, in the queue.
pub const KIND: &str = "picture";

/// What the job is about, as the queue keeps it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Payload {
    version: VersionId,
}

impl Payload {
    fn to_json(self) -> serde_json::Value {
        serde_json::json!({ "version": self.version })
    }
}

/// Whose original is to be looked at.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// The tenant.
    pub tenant: TenantId,
    /// The asset.
    pub asset: AssetId,
    /// Its version.
    pub version: VersionId,
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

/// Queues the job, unless it waits or runs already.
pub async fn enqueue(tx: &mut Tx, about: About, order: Order) -> Result<(), catalog::Error> {
    let payload = Payload {
        version: about.version,
    }
    .to_json();
    let job = NewJob {
        id: order.job,
        tenant: about.tenant,
        asset: Some(about.asset),
        kind: KIND,
        priority: order.priority,
        run_at: order.now,
        max_attempts: order.max_attempts,
        ukey: Some(&about.version.to_string()),
        payload: &payload,
        created_at: order.now,
    };
    jobs::enqueue(tx, &job).await.map(drop)
}

/// A job with what it is about.
#[derive(Clone, Copy)]
struct Subject {
    job: JobId,
    token: Uuid,
    tenant: TenantId,
    asset: AssetId,
    version: VersionId,
}

impl Subject {
    fn of(job: &Job) -> Result<Self, Error> {
        let payload: Payload = serde_json::from_value(job.payload.clone())
            .map_err(|error| Error::Internal(Box::new(error)))?;
        let missing = || Error::internal("a picture job without asset or lease");
        Ok(Self {
            job: job.id,
            token: job.lease_token.ok_or_else(missing)?,
            tenant: job.tenant,
            asset: job.asset.ok_or_else(missing)?,
            version: payload.version,
        })
    }

    const fn step(&self) -> StepKey<'static> {
        StepKey {
            tenant: self.tenant,
            asset: self.asset,
            version: self.version,
            name: PICTURE.name,
        }
    }
}

/// Carries the job out. A file that cannot be understood is a result, not a failure.
pub async fn run(vault: &Vault, job: &Job) -> Result<(), Failure> {
    let subject = Subject::of(job)?;
    let now = vault.clock().now();
    let file = vault
        .catalog()
        .write(move |tx| {
            async move {
                steps::begin(tx, subject.step(), now).await?;
                assets::recompute_status(tx, subject.tenant, subject.asset, now).await?;
                original(tx, subject).await
            }
            .boxed()
        })
        .await?;
    // The asset was deleted while the job waited; its job goes with it.
    let Some(file) = file else {
        return end(vault, subject, Ending::Gone).await;
    };
    let ending = match look(vault, subject.tenant, &file).await {
        Ok(outcome) => Ending::Seen(Box::new(keep(vault, subject, &file, outcome).await?)),
        Err(problem) if problem.code.is_transient() => {
            return put_off(vault, subject, problem).await;
        }
        Err(problem) => Ending::Refused(problem),
    };
    end(vault, subject, ending).await
}

async fn original(tx: &mut Tx, subject: Subject) -> Result<Option<VersionFile>, catalog::Error> {
    let files = versions::files(tx, subject.tenant, subject.version).await?;
    Ok(files
        .into_iter()
        .find(|file| file.role == FileRole::Original))
}

/// Has a child look at the file.
async fn look(vault: &Vault, tenant: TenantId, file: &VersionFile) -> Result<Outcome, Problem> {
    let task: Task = picture_task(file.media_type, vault.workshop().config());
    let seat = vault
        .workshop()
        .admit(estimate(&task, file.size, None))
        .await?;
    let input = fill(vault, tenant, file).await.map_err(|error| {
        tracing::warn!(object = %file.object, %error, "an original could not be read");
        Problem {
            code: ProblemCode::Unavailable,
            message: "The original could not be read.".to_owned(),
        }
    })?;
    vault.workshop().run(seat, task, input).await
}

/// The plain bytes of the original, sealed for a child.
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

/// What a child saw, put away.
struct Kept {
    facts: domain::Facts,
    renditions: Vec<Rendition>,
    problem: Option<Problem>,
}

/// Puts the pictures into the store. They may lie there unused if the rows are never written; the
/// next attempt writes the same names.
async fn keep(
    vault: &Vault,
    subject: Subject,
    file: &VersionFile,
    outcome: Outcome,
) -> Result<Kept, Failure> {
    let mut kept = Vec::with_capacity(outcome.pictures.len());
    for (made, mut picture) in outcome.report.renditions.iter().zip(outcome.pictures) {
        let mut bytes = Vec::new();
        picture
            .read_to_end(&mut bytes)
            .map_err(|error| Error::Internal(Box::new(error)))?;
        let size = bytes.len() as u64;
        let object = vault
            .gate()
            .put_derived(
                subject.tenant,
                file.sha256,
                &made.name,
                PICTURE.version,
                Bytes::from(bytes),
            )
            .await
            .map_err(Error::from)?;
        kept.push(Rendition {
            sha256: file.sha256,
            name: made.name.clone(),
            step_version: PICTURE.version,
            object: object.to_string(),
            width: made.width,
            height: made.height,
            mime: made.format.mime().to_owned(),
            size,
            created_at: vault.clock().now(),
        });
    }
    // Several problems are told as one: the first is the cause, the rest follow from it.
    let problem = outcome.report.problems.into_iter().next();
    Ok(Kept {
        facts: outcome.report.facts,
        renditions: kept,
        problem,
    })
}

/// How the job ends.
enum Ending {
    /// The version is no longer there.
    Gone,
    /// The file was understood, at least in part.
    Seen(Box<Kept>),
    /// It was not.
    Refused(Problem),
}

/// Writes results, step, status, change and the end of the job in one transaction.
async fn end(vault: &Vault, subject: Subject, ending: Ending) -> Result<(), Failure> {
    let now = vault.clock().now();
    let held = vault
        .catalog()
        .write(move |tx| {
            async move {
                if jobs::ack(tx, &[subject.job], subject.token).await? == 0 {
                    return Ok(false);
                }
                match &ending {
                    Ending::Gone => return Ok(true),
                    Ending::Seen(kept) => write_kept(tx, subject, kept, now).await?,
                    Ending::Refused(problem) => fail_step(tx, subject, problem, now).await?,
                }
                announce(tx, subject, now).await?;
                Ok(true)
            }
            .boxed()
        })
        .await?;
    vault.committed();
    if held { Ok(()) } else { Err(Failure::Lost) }
}

async fn write_kept(
    tx: &mut Tx,
    subject: Subject,
    kept: &Kept,
    now: Timestamp,
) -> Result<(), catalog::Error> {
    let Some(file) = original(tx, subject).await? else {
        return Ok(());
    };
    contents::put_facts(
        tx,
        subject.tenant,
        file.sha256,
        &kept.facts,
        PICTURE.version,
    )
    .await?;
    for rendition in &kept.renditions {
        renditions::put(tx, subject.tenant, rendition).await?;
    }
    assets::apply_facts(tx, subject.tenant, subject.asset, now).await?;
    match &kept.problem {
        None => steps::finish(tx, subject.step(), now).await.map(drop),
        // Pictures with a reason: a scan that breaks off, a tag that cannot be read.
        Some(problem) if !kept.renditions.is_empty() => {
            let failure = failure(problem);
            steps::finish_in_part(tx, subject.step(), failure, now)
                .await
                .map(drop)
        }
        Some(problem) => fail_step(tx, subject, problem, now).await,
    }
}

async fn fail_step(
    tx: &mut Tx,
    subject: Subject,
    problem: &Problem,
    now: Timestamp,
) -> Result<(), catalog::Error> {
    steps::fail(tx, subject.step(), failure(problem), now)
        .await
        .map(drop)
}

fn failure(problem: &Problem) -> StepFailure<'_> {
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

async fn announce(tx: &mut Tx, subject: Subject, now: Timestamp) -> Result<(), catalog::Error> {
    let status = assets::recompute_status(tx, subject.tenant, subject.asset, now).await?;
    let (tenant, asset) = (subject.tenant, subject.asset);
    changes::of_asset(tx, tenant, asset, ChangeKind::Updated, status, now).await
}

/// Notes in the step why it waits, and lets the queue try again.
async fn put_off(vault: &Vault, subject: Subject, problem: Problem) -> Result<(), Failure> {
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
                steps::postpone(tx, subject.step(), failure, now).await
            }
            .boxed()
        })
        .await?;
    Err(Error::Unavailable {
        retry_after: 5,
        source: text.into(),
    }
    .into())
}

/// Notes in the step that the job is dead: it may be asked for again.
pub async fn give_up(vault: &Vault, job: &Job, message: &str) -> Result<(), Error> {
    let Some(asset) = job.asset else {
        return Ok(());
    };
    let payload: Payload = serde_json::from_value(job.payload.clone())
        .map_err(|error| Error::Internal(Box::new(error)))?;
    let subject = Subject {
        job: job.id,
        token: Uuid::nil(),
        tenant: job.tenant,
        asset,
        version: payload.version,
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
                fail_step(tx, subject, &problem, now).await?;
                announce(tx, subject, now).await
            }
            .boxed()
        })
        .await?;
    vault.committed();
    Ok(())
}
