//! Bytes of files in external folders, as long as they are the ones that were hashed.

use std::borrow::Cow;

use blobs::BlobError;
use blobs::external::{ExternalFile, ExternalFolder, Hasher, Stamp};
use blobs::verify::Finding;
use catalog::blobs::Blob;
use catalog::external::{self, Place};
use domain::{Code, Sha256, TenantId};
use futures::{FutureExt, StreamExt};

use crate::Vault;
use crate::error::{Error, Result};

/// Seconds a client should wait for a disk that is not there.
const RETRY_AFTER: u32 = 30;

/// The folder in which a file may lie cannot be read: its disk is away, say.
#[derive(Debug, thiserror::Error)]
#[error("an external folder is out of reach")]
struct OutOfReach(#[source] BlobError);

/// Why a file that lay outside of the vault cannot be had; `None`: that is not what is the matter.
pub(crate) fn lost(error: &Error) -> Option<Cow<'static, str>> {
    match error {
        Error::Refused {
            code: Code::OriginalGone,
            detail,
            ..
        } => Some(detail.clone()),
        Error::Unavailable { source, .. } if source.is::<OutOfReach>() => {
            Some("its folder cannot be reached just now".into())
        }
        _ => None,
    }
}

impl Vault {
    /// A file with these bytes, open.
    ///
    /// # Errors
    /// `OriginalGone` when there is none any more; `Unavailable` when a folder that may hold it cannot be
    /// reached.
    pub(crate) async fn find_in_place(
        &self,
        tenant: TenantId,
        sha256: Sha256,
    ) -> Result<ExternalFile> {
        let places = self
            .catalog()
            .read(move |tx| async move { external::places(tx, tenant, sha256).await }.boxed())
            .await?;
        let mut out_of_reach = None;
        for place in places {
            match open(&place).await {
                Ok(Some(file)) => return Ok(file),
                Ok(None) => {}
                Err(error) => out_of_reach = Some(error),
            }
        }
        Err(match out_of_reach {
            Some(error) => Error::Unavailable {
                retry_after: RETRY_AFTER,
                source: Box::new(OutOfReach(error)),
            },
            None => Error::refused(
                Code::OriginalGone,
                "its file was moved, changed or deleted; a scan of the folder finds it if it is still there",
            ),
        })
    }

    /// Reads the bytes of a blob again where they lie; `None` when all is well.
    pub(crate) async fn check_in_place(&self, blob: &Blob) -> Result<Option<Finding>> {
        let key = blob.object.clone();
        let file = match self.find_in_place(blob.tenant, blob.sha256).await {
            Ok(file) => file,
            Err(Error::Refused { .. }) => return Ok(Some(Finding::Missing { key })),
            Err(Error::Unavailable { source, .. }) => {
                let reason = source.to_string();
                return Ok(Some(Finding::Unreadable { key, reason }));
            }
            Err(error) => return Err(error),
        };
        Ok(match hash(&file).await {
            Ok(found) if found == blob.sha256 => None,
            Ok(found) => Some(Finding::Flipped {
                key,
                reason: format!("its SHA-256 is {found}"),
            }),
            Err(error) => Some(Finding::Unreadable {
                key,
                reason: error.to_string(),
            }),
        })
    }
}

async fn hash(file: &ExternalFile) -> Result<Sha256, BlobError> {
    let mut hasher = Hasher::default();
    let mut pieces = file.stream(0..file.stamp().size).boxed();
    while let Some(piece) = pieces.next().await {
        hasher.update(piece?).await?;
    }
    Ok(hasher.finish())
}

/// The file at a place, if it is still what it was when it was hashed.
async fn open(place: &Place) -> Result<Option<ExternalFile>, BlobError> {
    let file = ExternalFolder::at(&place.root).open(&place.path).await?;
    let then = Stamp {
        size: place.size,
        modified: place.modified,
    };
    Ok(file.filter(|file| file.stamp() == then))
}
