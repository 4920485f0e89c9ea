//! The `picture` job: one decode in a sandboxed child gives the facts, the renditions and the
//! hashes of a version's original.

use std::io::Read;

use bytes::Bytes;
use catalog::jobs::Job;
use catalog::renditions::{self, Rendition};
use catalog::versions::VersionFile;
use catalog::{Tx, assets, contents, steps};
use domain::{TenantId, Timestamp};
use futures::FutureExt;
use media::steps::{PICTURE, estimate, picture_task};
use media::{Outcome, Problem, Task};

use super::Failure;
use super::version::{self, Miss, Subject};
use crate::Vault;
use crate::error::Error;

/// The kind, in the queue.
pub const KIND: &str = "picture";

/// Carries the job out. A file that cannot be understood is a result, not a failure.
pub async fn run(vault: &Vault, job: &Job) -> Result<(), Failure> {
    let subject = Subject::of(job, PICTURE.name)?;
    let Some(file) = subject.begin(vault).await? else {
        return subject
            .conclude(vault, |_, _, _| async { Ok(()) }.boxed())
            .await;
    };
    let seen = match look(vault, subject.tenant, &file).await {
        Err(Miss::Down(error)) => return Err(error.into()),
        Err(Miss::Problem(problem)) if problem.code.is_transient() => {
            return subject.put_off(vault, problem).await;
        }
        Err(Miss::Problem(problem)) => Err(problem),
        Ok(outcome) => Ok(keep(vault, subject, &file, outcome).await?),
    };
    subject
        .conclude(vault, move |tx, file, now| {
            async move {
                match seen {
                    Ok(kept) => write(tx, subject, &file, &kept, now).await,
                    Err(problem) => subject.fail(tx, &problem, now).await,
                }
            }
            .boxed()
        })
        .await
}

/// Has a child look at the file.
async fn look(vault: &Vault, tenant: TenantId, file: &VersionFile) -> Result<Outcome, Miss> {
    let task: Task = picture_task(file.media_type, vault.workshop().config());
    let seat = vault
        .workshop()
        .admit(estimate(&task, file.size, None))
        .await?;
    let input = version::input(vault, tenant, file).await?;
    Ok(vault.workshop().run(seat, task, input).await?)
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

async fn write(
    tx: &mut Tx,
    subject: Subject,
    file: &VersionFile,
    kept: &Kept,
    now: Timestamp,
) -> Result<(), catalog::Error> {
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
            let failure = version::failure(problem);
            steps::finish_in_part(tx, subject.step(), failure, now)
                .await
                .map(drop)
        }
        Some(problem) => subject.fail(tx, problem, now).await,
    }
}
