//! What is to be done with a new version: a job for each step that something carries out, the reason for
//! the others.

use std::borrow::Cow;

use catalog::changes::{self, ChangeKind};
use catalog::steps::{self, Failure, StepKey};
use catalog::{Tx, assets, jobs};
use domain::{AssetId, Code, JobId, MediaType, Sha256, Status, TenantId, Timestamp, VersionId};
use media::ProblemCode;
use media::steps::PICTURE;

use crate::error::Result;
use crate::jobs::picture;
use crate::jobs::version::{self, About, Order};
use crate::pipeline::{self, Carrier, priority};

/// A version whose steps are planned.
pub struct Begin<'a> {
    pub tenant: TenantId,
    pub asset: AssetId,
    pub version: VersionId,
    pub media_type: MediaType,
    /// It has no bytes.
    pub empty: bool,
    /// The type it was named or announced as, when the content is another.
    pub mismatch: Option<String>,
    /// An id for the job of each step.
    pub jobs: &'a [JobId],
    pub max_attempts: u32,
    pub now: Timestamp,
}

/// Content whose bytes were lost and came again.
pub struct Again {
    pub tenant: TenantId,
    pub sha256: Sha256,
    pub max_attempts: u32,
    pub now: Timestamp,
}

impl Again {
    /// Queues anew what failed or waits because the bytes could not be read, whosever it is.
    pub async fn look(&self, tx: &mut Tx, job: impl Fn() -> JobId) -> Result<()> {
        let cause = (PICTURE.name, ProblemCode::Unavailable.as_str());
        let starved = steps::without_success(tx, self.tenant, self.sha256, cause).await?;
        for (asset, version) in starved {
            self.look_at(tx, asset, version, job()).await?;
        }
        Ok(())
    }

    async fn look_at(
        &self,
        tx: &mut Tx,
        asset: AssetId,
        version: VersionId,
        job: JobId,
    ) -> Result<()> {
        let step = StepKey {
            tenant: self.tenant,
            asset,
            version,
            name: PICTURE.name,
        };
        steps::retry(tx, step).await?;
        // One that is dead, or waits for later, makes way.
        jobs::cancel_of_kind(tx, self.tenant, asset, picture::KIND).await?;
        let about = About {
            tenant: self.tenant,
            asset,
            version,
            file: None,
        };
        let order = Order {
            job,
            priority: priority::FRESH,
            now: self.now,
            max_attempts: self.max_attempts,
        };
        version::enqueue(tx, picture::KIND, about, order).await?;
        let status = assets::recompute_status(tx, self.tenant, asset, self.now).await?;
        let kind = ChangeKind::Updated;
        Ok(changes::of_asset(tx, self.tenant, asset, kind, status, self.now).await?)
    }
}

impl Begin<'_> {
    /// Plans the steps of an asset's first version; gives the asset's status.
    pub async fn first(&self, tx: &mut Tx) -> Result<Option<Status>> {
        self.plan(tx).await?;
        assets::apply_facts(tx, self.tenant, self.asset, self.now).await?;
        Ok(assets::recompute_status(tx, self.tenant, self.asset, self.now).await?)
    }

    /// Plans the steps of a later version, which is the current one by now. What is under way for the
    /// one before is of no use any more.
    pub async fn again(&self, tx: &mut Tx) -> Result<Option<Status>> {
        jobs::cancel_of_asset(tx, self.tenant, self.asset).await?;
        self.first(tx).await
    }

    async fn plan(&self, tx: &mut Tx) -> Result<()> {
        let planned = pipeline::steps_for(self.media_type);
        let mut rows: Vec<_> = planned
            .iter()
            .map(|planned| steps::Planned {
                name: planned.step.name,
                step_version: planned.step.version,
                picture: matches!(planned.carrier, Carrier::Job(_)),
            })
            .collect();
        if self.mismatch.is_some() {
            rows.push(steps::Planned {
                name: "type",
                step_version: 1,
                picture: false,
            });
        }
        steps::plan(tx, self.tenant, self.asset, self.version, &rows).await?;
        for (planned, job) in planned.iter().zip(self.jobs) {
            match planned.carrier {
                Carrier::Job(kind) => self.enqueue(tx, kind, *job).await?,
                Carrier::Nobody { code, message } => {
                    let message = if self.empty {
                        "The file is empty. It is kept."
                    } else {
                        message
                    };
                    self.fail(tx, planned.step.name, code.as_str(), message.into())
                        .await?;
                }
            }
        }
        if let Some(claimed) = &self.mismatch {
            let found = self.media_type;
            let message = format!("Named or announced as {claimed}, but the content is {found}.");
            self.fail(tx, "type", Code::TypeMismatch.as_str(), message.into())
                .await?;
        }
        Ok(())
    }

    async fn enqueue(&self, tx: &mut Tx, kind: &str, job: JobId) -> Result<()> {
        let about = About {
            tenant: self.tenant,
            asset: self.asset,
            version: self.version,
            file: None,
        };
        let order = Order {
            job,
            priority: priority::FRESH,
            now: self.now,
            max_attempts: self.max_attempts,
        };
        version::enqueue(tx, kind, about, order).await?;
        Ok(())
    }

    async fn fail(&self, tx: &mut Tx, name: &str, code: &str, message: Cow<'_, str>) -> Result<()> {
        let step = StepKey {
            tenant: self.tenant,
            asset: self.asset,
            version: self.version,
            name,
        };
        // Only a decoder that is not there today may be there tomorrow.
        let retryable = code == ProblemCode::Unavailable.as_str();
        let failure = Failure {
            code,
            message: &message,
            retryable,
        };
        steps::fail(tx, step, failure, self.now).await?;
        Ok(())
    }
}
