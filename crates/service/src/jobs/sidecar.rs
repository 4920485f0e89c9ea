//! The `sidecar` job: a sandboxed child reads the XMP that lies beside a version's original, and what it
//! says holds of the asset from then on, unless a person has said otherwise.

use catalog::jobs::Job;
use catalog::versions::VersionFile;
use catalog::{assets, steps};
use domain::{Facts, TenantId};
use futures::FutureExt;
use media::steps::{SIDECAR, estimate, sidecar_task};

use super::Failure;
use super::version::{self, Miss, Subject};
use crate::Vault;

/// The kind, in the queue.
pub const KIND: &str = "sidecar";

/// Carries the job out. A sidecar that cannot be understood is a result, not a failure.
pub async fn run(vault: &Vault, job: &Job) -> Result<(), Failure> {
    let subject = Subject::of(job, SIDECAR.name)?;
    // None: another one has taken its place, and has a job of its own.
    let Some(file) = subject.begin(vault).await? else {
        return subject
            .conclude(vault, |_, _, _| async { Ok(()) }.boxed())
            .await;
    };
    let read = match look(vault, subject.tenant, &file).await {
        Err(Miss::Down(error)) => return Err(error.into()),
        Err(Miss::Problem(problem)) if problem.code.is_transient() => {
            return subject.put_off(vault, problem).await;
        }
        Err(Miss::Problem(problem)) => Err(problem),
        Ok(facts) => Ok(facts),
    };
    subject
        .conclude(vault, move |tx, _, now| {
            async move {
                match read {
                    Ok(facts) => {
                        let (tenant, asset) = (subject.tenant, subject.asset);
                        assets::apply_sidecar(tx, tenant, asset, &facts, now).await?;
                        steps::finish(tx, subject.step(), now).await.map(drop)
                    }
                    Err(problem) => subject.fail(tx, &problem, now).await,
                }
            }
            .boxed()
        })
        .await
}

/// Has a child read the file.
async fn look(vault: &Vault, tenant: TenantId, file: &VersionFile) -> Result<Facts, Miss> {
    let task = sidecar_task(vault.workshop().config());
    let seat = vault
        .workshop()
        .admit(estimate(&task, file.size, None))
        .await?;
    let input = version::input(vault, tenant, file).await?;
    let outcome = vault.workshop().run(seat, task, input).await?;
    Ok(outcome.report.facts)
}
