//! The `sidecar` job: a sandboxed child reads the XMP that lies beside a version's original, and what it
//! says holds of the asset from then on, unless a person has said otherwise.

use catalog::jobs::Job;
use catalog::versions::VersionFile;
use catalog::{Tx, assets, steps};
use domain::{Facts, TenantId, Timestamp};
use futures::FutureExt;
use media::Problem;
use media::steps::{SIDECAR, estimate, sidecar_task};

use super::Failure;
use super::version::{self, Subject};
use crate::Vault;

/// The kind, in the queue.
pub const KIND: &str = "sidecar";

/// Carries the job out. A sidecar that cannot be understood is a result, not a failure.
pub async fn run(vault: &Vault, job: &Job) -> Result<(), Failure> {
    let subject = Subject::of(job, SIDECAR.name)?;
    let read = match subject.begin(vault).await? {
        // Another one has taken its place, and has a job of its own.
        None => Ok(None),
        Some(file) => look(vault, subject.tenant, &file).await.map(Some),
    };
    match read {
        Err(problem) if problem.code.is_transient() => subject.put_off(vault, problem).await,
        read => end(vault, subject, read).await,
    }
}

/// Has a child read the file.
async fn look(vault: &Vault, tenant: TenantId, file: &VersionFile) -> Result<Facts, Problem> {
    let task = sidecar_task(vault.workshop().config());
    let seat = vault
        .workshop()
        .admit(estimate(&task, file.size, None))
        .await?;
    let input = version::input(vault, tenant, file).await?;
    let outcome = vault.workshop().run(seat, task, input).await?;
    Ok(outcome.report.facts)
}

/// Writes what was read, step, status, change and the end of the job in one transaction.
async fn end(
    vault: &Vault,
    subject: Subject,
    read: Result<Option<Facts>, Problem>,
) -> Result<(), Failure> {
    let now = vault.clock().now();
    let held = vault
        .catalog()
        .write(move |tx| {
            async move {
                if !subject.acknowledge(tx).await? {
                    return Ok(false);
                }
                // While it was read, another may have taken its place.
                if subject.find(tx).await?.is_some() {
                    write(tx, subject, &read, now).await?;
                }
                subject.announce(tx, now).await?;
                Ok(true)
            }
            .boxed()
        })
        .await?;
    vault.committed();
    if held { Ok(()) } else { Err(Failure::Lost) }
}

async fn write(
    tx: &mut Tx,
    subject: Subject,
    read: &Result<Option<Facts>, Problem>,
    now: Timestamp,
) -> Result<(), catalog::Error> {
    match read {
        Ok(None) => Ok(()),
        Ok(Some(facts)) => {
            assets::apply_sidecar(tx, subject.tenant, subject.asset, facts, now).await?;
            steps::finish(tx, subject.step(), now).await.map(drop)
        }
        Err(problem) => subject.fail(tx, problem, now).await,
    }
}
