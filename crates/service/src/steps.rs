//! What was done with an asset, for its owner to read, and to ask for again.

use catalog::changes::{self, ChangeKind};
use catalog::jobs;
use catalog::steps::{self, StepKey};
use catalog::{Tx, assets};
use domain::{AssetId, Code, JobId, MediaType, Permission, Sha256, VersionId};
use futures::FutureExt;
use identity::Caller;

pub use catalog::steps::Step;

use crate::Vault;
use crate::error::{Error, Result};
use crate::jobs::version::{self, About, Order};
use crate::pipeline::{self, Carrier, Planned, priority};

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
        let work = self.carried_out(caller, id, name).await?;
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
                        version: work.version,
                        name: &name,
                    };
                    if !steps::retry(tx, step).await? {
                        return Err(Error::refused(
                            Code::WrongState,
                            "it neither failed nor was cancelled",
                        ));
                    }
                    // A dead one makes way for the one that was asked for.
                    jobs::cancel_of_kind(tx, tenant, id, work.kind).await?;
                    let about = About {
                        tenant,
                        asset: id,
                        version: work.version,
                        file: work.file,
                    };
                    let order = Order {
                        job,
                        priority: priority::ASKED,
                        now,
                        max_attempts,
                    };
                    version::enqueue(tx, work.kind, about, order).await?;
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
        let work = self.carried_out(caller, id, name).await?;
        let (visibility, tenant, now) = (caller.visibility(), caller.tenant, self.clock().now());
        let name = name.to_owned();
        let entry = self.audited(caller, "asset.cancel", id);
        self.catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let step = StepKey {
                        tenant,
                        asset: id,
                        version: work.version,
                        name: &name,
                    };
                    if !steps::cancel(tx, step, now).await? {
                        return Err(Error::refused(Code::WrongState, "it has ended already"));
                    }
                    jobs::cancel_of_kind(tx, tenant, id, work.kind).await?;
                    catalog::audit::append(tx, &entry).await?;
                    tell(tx, &visibility, id, now).await
                }
                .boxed()
            })
            .await?;
        self.committed();
        Ok(())
    }

    /// What carries a step out; a step that nothing carries out is refused with the reason.
    async fn carried_out(&self, caller: &Caller, id: AssetId, name: &str) -> Result<Work> {
        let asset = self.own_asset(caller, id).await?;
        let beside = self.newest_beside(caller, id, name).await?;
        let planned = match &beside {
            Some((planned, _)) => vec![*planned],
            None => pipeline::steps_for(asset.media_type),
        };
        let planned = planned.iter().find(|planned| planned.step.name == name);
        match planned.ok_or_else(Error::not_found)?.carrier {
            Carrier::Job(kind) => Ok(Work {
                version: asset.version,
                kind,
                file: beside.map(|(_, file)| file),
            }),
            Carrier::Nobody { message, .. } => Err(Error::refused(Code::WrongState, message)),
        }
    }

    /// The file beside the original that a step of this name is about, when it is about one: of several
    /// one that is XMP, and of these the one that came last.
    async fn newest_beside(
        &self,
        caller: &Caller,
        id: AssetId,
        name: &str,
    ) -> Result<Option<(Planned, Sha256)>> {
        let files = self.files(caller, id).await?;
        let about = files.into_iter().filter_map(|file| {
            let planned = pipeline::step_beside(file.role)?;
            (planned.step.name == name).then_some((planned, file))
        });
        let newest = about.max_by_key(|(_, file)| (file.media_type == MediaType::Xmp, file.blob));
        Ok(newest.map(|(planned, file)| (planned, file.sha256)))
    }
}

/// The job that carries a step out, and on what.
struct Work {
    version: VersionId,
    kind: &'static str,
    file: Option<Sha256>,
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
