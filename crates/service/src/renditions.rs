//! The way out for derived pictures: small, read whole, made again when they are gone.

pub(crate) mod shelf;

use std::sync::Arc;

use bytes::Bytes;
use catalog::changes::{self, ChangeKind};
pub use catalog::renditions::Rendition;
use catalog::renditions::Shown;
use catalog::steps::{self, StepKey};
use catalog::{assets, renditions};
use domain::{AssetId, Permission, TenantId, Timestamp};
use futures::FutureExt;
use identity::Caller;
use media::steps::PICTURE;

use crate::Vault;
use crate::content::object_name;
use crate::error::{Error, Result};
use crate::jobs::{picture, version};
use crate::pipeline::priority;

/// Largest derived picture read into memory, in bytes; children are not allowed to make larger.
const MAX_SIZE: u64 = 16 << 20;

/// A derived picture.
#[derive(Debug, Clone)]
pub struct Picture {
    /// What the catalog knows of it.
    pub row: Rendition,
    /// When the asset it belongs to came in, as the time it was last changed.
    pub modified: Timestamp,
    /// Name of the asset's file.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Bytes,
}

impl Vault {
    /// A rendition of an asset. One whose file has vanished is put in work again.
    ///
    /// # Errors
    /// `NotFound` when there is no such asset or rendition, `Unavailable` while it is made again.
    pub async fn rendition(&self, caller: &Caller, id: AssetId, name: &str) -> Result<Picture> {
        caller.require(Permission::AssetsRead)?;
        let shown = self.shown(caller.tenant, id).await?;
        let row = shown.to(&caller.visibility, name);
        let row = row.ok_or_else(Error::not_found)?.clone();
        let bytes = match self.shelf().picture(&row.object) {
            Some(bytes) => bytes,
            None => match self.fetch(caller, &row).await? {
                Ok(bytes) => bytes,
                Err(why) => return self.make_again(caller, id, &why).await,
            },
        };
        Ok(Picture {
            file_name: format!("{name}-{id}.{}", extension(&row.mime)),
            modified: row.created_at,
            row,
            bytes,
        })
    }

    /// What may be shown of an asset and where it stands, as it was at most two seconds ago.
    async fn shown(&self, tenant: TenantId, id: AssetId) -> Result<Arc<Shown>> {
        let (shelf, now) = (self.shelf(), self.clock().now());
        if let Some(shown) = shelf.standing(tenant, id, now) {
            return Ok(shown);
        }
        let epoch = shelf.epoch();
        let shown = self
            .catalog()
            .read(move |tx| renditions::shown(tx, tenant, id).boxed())
            .await?;
        let shown = Arc::new(shown.ok_or_else(Error::not_found)?);
        shelf.keep_standing(id, Arc::clone(&shown), now, epoch);
        Ok(shown)
    }

    /// A picture's bytes from the store; `Err`: why they must be made again.
    async fn fetch(&self, caller: &Caller, row: &Rendition) -> Result<Result<Bytes, String>> {
        let object = object_name(&row.object)?;
        let read = self.gate().read_small(caller.tenant, &object, MAX_SIZE);
        match read.await {
            Ok(Some(bytes)) => {
                self.shelf().keep_picture(&row.object, bytes.clone());
                Ok(Ok(bytes))
            }
            Ok(None) => Ok(Err("it has vanished".to_owned())),
            Err(blobs::BlobError::Damaged { reason, .. }) => Ok(Err(reason.into_owned())),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the step again that makes the picture; the page shows its placeholder until then.
    async fn make_again<T>(&self, caller: &Caller, id: AssetId, why: &str) -> Result<T> {
        tracing::warn!(asset = %id, why, "a derived picture is made again");
        let asset = self.asset(caller, id).await?;
        let tenant = caller.tenant;
        let (now, job) = (self.clock().now(), self.ids().fresh());
        let max_attempts = self.config().max_attempts;
        self.catalog()
            .write(move |tx| {
                async move {
                    let step = StepKey {
                        tenant,
                        asset: id,
                        version: asset.version,
                        name: PICTURE.name,
                    };
                    if !steps::redo(tx, step).await? {
                        return Ok(());
                    }
                    let about = version::About {
                        tenant,
                        asset: id,
                        version: asset.version,
                        file: None,
                    };
                    let order = version::Order {
                        job,
                        priority: priority::ASKED,
                        now,
                        max_attempts,
                    };
                    version::enqueue(tx, picture::KIND, about, order).await?;
                    let status = assets::recompute_status(tx, tenant, id, now).await?;
                    changes::of_asset(tx, tenant, id, ChangeKind::Updated, status, now).await?;
                    Ok(())
                }
                .boxed()
            })
            .await?;
        self.committed();
        Err(Error::Unavailable {
            retry_after: 2,
            source: "the picture is being made again".into(),
        })
    }
}

fn extension(mime: &str) -> &'static str {
    mime.parse::<domain::MediaType>()
        .map_or("bin", domain::MediaType::extension)
}
