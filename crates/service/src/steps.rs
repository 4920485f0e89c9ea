//! What was done with an asset, for its owner to read, and to ask for again.

use catalog::changes::{self, ChangeKind};
use catalog::jobs;
use catalog::steps::{self, StepKey};
use catalog::{Tx, assets};
use domain::{AssetId, Code, JobId, Permission, VersionId};
use futures::FutureExt;
use identity::Caller;

pub use catalog::steps::Step;

use crate::Vault;
use crate::error::{Error, Result};
use crate::jobs::picture;
use crate::pipeline::{self, Carrier, priority};

impl Vault {
    /// The steps of an asset's current version, in order.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn steps(&self, caller: &Caller, id: AssetId) -> Result<Vec<Step>> {
        let asset = self.asset(caller, id).await?;
        let visibility = caller.visibility();
        let steps = self
            .catalog()
            .read(move |tx| async move { steps::list(tx, &visibility, id).await }.boxed())
            .await?;
        Ok(steps
            .into_iter()
            .filter(|step| step.version == asset.version)
            .collect())
    }

    /// Runs a step again that failed or was cancelled.
    ///
    /// # Errors
    /// `NotFound`, `WrongState` when it is neither or cannot end otherwise.
    pub async fn retry_step(&self, caller: &Caller, id: AssetId, name: &str) -> Result<()> {
        caller.require(Permission::AssetsWrite)?;
        let version = self.carried_out(caller, id, name).await?;
        let (visibility, tenant) = (caller.visibility(), caller.tenant);
        let (now, job) = (self.clock().now(), self.ids().fresh::<JobId>());
        let (name, max_attempts) = (name.to_owned(), self.config().max_attempts);
        let entry = self.audited(caller, "asset.retry", id);
        self.catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let step = StepKey {
                        tenant,
                        asset: id,
                        version,
                        name: &name,
                    };
                    if !steps::retry(tx, step).await? {
                        return Err(Error::refused(
                            Code::WrongState,
                            "it neither failed nor was cancelled",
                        ));
                    }
                    // A dead one makes way for the one that was asked for.
                    jobs::cancel_of_asset(tx, tenant, id).await?;
                    let about = picture::About {
                        tenant,
                        asset: id,
                        version,
                    };
                    let order = picture::Order {
                        job,
                        priority: priority::ASKED,
                        now,
                        max_attempts,
                    };
                    picture::enqueue(tx, about, order).await?;
                    catalog::audit::append(tx, &entry).await?;
                    tell(tx, &visibility, id, now).await
                }
                .boxed()
            })
            .await?;
        self.committed();
        Ok(())
    }

    /// Stops a step that waits or runs. One that runs is stopped when its lease is next prolonged.
    ///
    /// # Errors
    /// `NotFound`, `WrongState` when it has ended.
    pub async fn cancel_step(&self, caller: &Caller, id: AssetId, name: &str) -> Result<()> {
        caller.require(Permission::AssetsWrite)?;
        let version = self.carried_out(caller, id, name).await?;
        let (visibility, tenant, now) = (caller.visibility(), caller.tenant, self.clock().now());
        let name = name.to_owned();
        let entry = self.audited(caller, "asset.cancel", id);
        self.catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let step = StepKey {
                        tenant,
                        asset: id,
                        version,
                        name: &name,
                    };
                    if !steps::cancel(tx, step, now).await? {
                        return Err(Error::refused(Code::WrongState, "it has ended already"));
                    }
                    jobs::cancel_of_asset(tx, tenant, id).await?;
                    catalog::audit::append(tx, &entry).await?;
                    tell(tx, &visibility, id, now).await
                }
                .boxed()
            })
            .await?;
        self.committed();
        Ok(())
    }

    /// The version a step is about; a step that nothing carries out is refused with the reason.
    async fn carried_out(&self, caller: &Caller, id: AssetId, name: &str) -> Result<VersionId> {
        let asset = self.own_asset(caller, id).await?;
        let planned = pipeline::steps_for(asset.media_type);
        let planned = planned.iter().find(|planned| planned.step.name == name);
        match planned.ok_or_else(Error::not_found)?.carrier {
            Carrier::Job(_) => Ok(asset.version),
            Carrier::Nobody { message, .. } => Err(Error::refused(Code::WrongState, message)),
        }
    }
}

async fn tell(
    tx: &mut Tx,
    visibility: &domain::Visibility,
    id: AssetId,
    now: domain::Timestamp,
) -> Result<()> {
    let tenant = visibility.tenant();
    let status = assets::recompute_status(tx, tenant, id, now).await?;
    changes::of_asset(tx, tenant, id, ChangeKind::Updated, status, now).await?;
    Ok(())
}
