//! The way out for derived pictures: small, read whole, made again when they are gone.

use bytes::Bytes;
use catalog::changes::{self, ChangeKind};
pub use catalog::renditions::Rendition;
use catalog::steps::{self, StepKey};
use catalog::{assets, renditions};
use domain::{AssetId, Permission, Timestamp};
use futures::FutureExt;
use identity::Caller;
use media::steps::PICTURE;

use crate::Vault;
use crate::content::object_name;
use crate::error::{Error, Result};
use crate::jobs::picture;
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
        let (visibility, wanted) = (caller.visibility(), name.to_owned());
        let row = self
            .catalog()
            .read(move |tx| {
                async move { renditions::get(tx, &visibility, id, &wanted).await }.boxed()
            })
            .await?
            .ok_or_else(Error::not_found)?;
        let object = object_name(&row.object)?;
        match self
            .gate()
            .read_small(caller.tenant, &object, MAX_SIZE)
            .await
        {
            Ok(Some(bytes)) => Ok(Picture {
                file_name: format!("{name}-{id}.{}", extension(&row.mime)),
                modified: row.created_at,
                row,
                bytes,
            }),
            Ok(None) => self.make_again(caller, id, "it has vanished").await,
            Err(blobs::BlobError::Damaged { reason, .. }) => {
                self.make_again(caller, id, &reason).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the step again that makes the picture; the page shows its placeholder until then.
    async fn make_again<T>(&self, caller: &Caller, id: AssetId, why: &str) -> Result<T> {
        tracing::warn!(asset = %id, why, "a derived picture is made again");
        let asset = self.asset(caller, id).await?;
        let (tenant, version) = (caller.tenant, asset.version);
        let (now, job) = (self.clock().now(), self.ids().fresh());
        let max_attempts = self.config().max_attempts;
        self.catalog()
            .write(move |tx| {
                async move {
                    let step = StepKey {
                        tenant,
                        asset: id,
                        version,
                        name: PICTURE.name,
                    };
                    if !steps::redo(tx, step).await? {
                        return Ok(());
                    }
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
