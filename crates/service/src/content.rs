//! The way out for originals: byte for byte what came in, in any range.

mod fallback;

use std::ops::Range;

use blobs::ObjectName;
use bytes::Bytes;
use catalog::versions::{self, FileRole, VersionFile};
use domain::{AssetId, Level, Permission, TenantId};
use futures::{FutureExt, Stream, StreamExt, TryStreamExt};
use identity::Caller;

use crate::Vault;
use crate::error::{Error, Result};
use crate::library::Asset;

/// An original that may be read.
pub struct Original {
    vault: Vault,
    /// The asset it is the current version of.
    pub asset: Asset,
}

impl Vault {
    /// The original of an asset.
    ///
    /// # Errors
    /// `NotFound` when the caller may not see it, `Forbidden` when they may only look at pictures of it.
    pub async fn original(&self, caller: &Caller, asset: AssetId) -> Result<Original> {
        caller.require(Permission::AssetsRead)?;
        let asset = self.asset_at(caller, asset, Level::Download).await?;
        Ok(Original {
            vault: self.clone(),
            asset,
        })
    }

    /// Plain bytes of an asset's current original in `range`.
    pub(crate) async fn original_bytes(
        &self,
        asset: &Asset,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        let (tenant, version) = (asset.tenant, asset.version);
        let files = self
            .catalog()
            .read(move |tx| versions::files(tx, tenant, version).boxed())
            .await?;
        let file = files
            .into_iter()
            .find(|file| file.role == FileRole::Original);
        let file = file.ok_or_else(|| Error::internal("a version without an original"))?;
        self.bytes_of(tenant, &file, range).await
    }

    /// Plain bytes of a file in `range`, wherever it lies.
    ///
    /// # Errors
    /// `OriginalGone` when it lay in a folder outside of the vault and does no more; `Unavailable` when
    /// that folder cannot be reached. Damage is an error of the stream.
    pub(crate) async fn bytes_of(
        &self,
        tenant: TenantId,
        file: &VersionFile,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        let bytes = if catalog::blobs::is_external(&file.object) {
            let file = self.find_in_place(tenant, file.sha256).await?;
            file.stream(range).left_stream()
        } else {
            let object = object_name(&file.object)?;
            fallback::read(self, tenant, object, range).right_stream()
        };
        Ok(bytes.map_err(Error::from))
    }
}

impl Original {
    /// Plain bytes in `range`, which must lie within the size.
    ///
    /// # Errors
    /// Damage is an error of the stream: bytes that do not authenticate are never given out.
    pub async fn read(
        &self,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        self.vault.original_bytes(&self.asset, range).await
    }
}

/// The name of an object as the catalog keeps it.
pub(crate) fn object_name(text: &str) -> Result<ObjectName> {
    text.parse()
        .map_err(|error| Error::Internal(Box::new(error)))
}
