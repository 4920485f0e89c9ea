//! Bytes that nobody refers to. A blob is condemned by one update that proves it, and its object is
//! deleted after that; an object without a row was left by a crash and goes after a day.

use std::collections::HashSet;

use catalog::blobs as rows;
use domain::BlobId;
use futures::FutureExt;

use crate::Vault;
use crate::content::object_name;
use crate::error::{Error, Result};

/// How long a blob stays after its last reference: an hour, so that a slip of the hand is cheap.
const GRACE_MILLIS: i64 = 60 * 60 * 1000;

/// Blobs handled in one transaction.
const PAGE: u32 = 200;

/// Condemns blobs without references and deletes the objects of condemned ones.
pub async fn condemned(vault: Vault) -> Result<u64> {
    let now = vault.clock().now();
    let before = now.plus_millis(-GRACE_MILLIS);
    vault
        .catalog()
        .write(move |tx| rows::condemn_unreferenced(tx, before, PAGE, now).boxed())
        .await?;
    let condemned = vault
        .catalog()
        .read(|tx| rows::condemned(tx, PAGE).boxed())
        .await?;
    let mut count = 0;
    for blob in condemned {
        // What lies in a folder outside of the vault is not ours to delete.
        if !rows::is_external(&blob.object) {
            vault.gate().delete(&object_name(&blob.object)?).await?;
        }
        let gone = vault
            .catalog()
            .write(move |tx| rows::mark_gone(tx, blob.tenant, blob.id, now).boxed())
            .await?;
        count += u64::from(gone);
    }
    Ok(count)
}

/// Counts references anew; a difference is a defect, mended and told.
pub async fn recount(vault: Vault) -> Result<u64> {
    let now = vault.clock().now();
    let wrong = vault
        .catalog()
        .write(move |tx| rows::recount(tx, now).boxed())
        .await?;
    for blob in &wrong {
        tracing::error!(blob = %blob.id, ?blob, "a reference count was wrong and is mended");
    }
    Ok(wrong.len() as u64)
}

/// Removes objects without a row and unfinished ones, once they are a day old.
pub async fn orphans(vault: Vault) -> Result<u64> {
    let now = vault.clock().now();
    let catalog = vault.catalog().clone();
    let known = move |blobs: Vec<BlobId>| {
        let catalog = catalog.clone();
        async move { known_blobs(&catalog, blobs).await }
    };
    let swept = blobs::sweep::sweep(vault.gate(), now, known).await?;
    Ok(swept.orphans + swept.unfinished)
}

/// Which of these blobs have a row.
pub(crate) async fn known_blobs(
    catalog: &catalog::Db,
    blobs: Vec<BlobId>,
) -> Result<HashSet<BlobId>, Error> {
    Ok(catalog
        .read(move |tx| async move { rows::known(tx, &blobs).await }.boxed())
        .await?)
}
