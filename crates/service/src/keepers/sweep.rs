//! Bytes that nobody refers to. A blob is condemned by one update that proves it, and its object is
//! deleted after that; an object without a row was left by a crash and goes after a day.

use std::collections::HashSet;

use blobs::Gate;
use catalog::blobs::{self as rows, StoreRole};
use catalog::resumable::parts;
use domain::BlobId;
use futures::FutureExt;

use crate::Vault;
use crate::content::object_name;
use crate::error::{Error, Result};

/// How long a blob stays after its last reference: an hour, so that a slip of the hand is cheap.
const GRACE_MILLIS: i64 = 60 * 60 * 1000;

/// Blobs handled in one transaction.
const PAGE: u32 = 200;

/// Condemns blobs without references and deletes the objects of condemned ones, in each store that can be
/// reached. A blob is gone when none of them has it: a replica that is away holds back its own deletions
/// and nobody else's.
pub async fn condemned(vault: Vault) -> Result<u64> {
    let now = vault.clock().now();
    let before = now.plus_millis(-GRACE_MILLIS);
    vault
        .catalog()
        .write(move |tx| rows::condemn_unreferenced(tx, before, PAGE, now).boxed())
        .await?;
    for store in [StoreRole::Primary, StoreRole::Replica] {
        if let Some(gate) = vault.store_as(store)
            && let Err(error) = delete_in(&vault, store, &gate).await
        {
            tracing::warn!(%store, %error, "condemned objects could not be deleted");
        }
    }
    bury(&vault).await
}

async fn delete_in(vault: &Vault, store: StoreRole, gate: &Gate) -> Result<()> {
    let condemned = vault
        .catalog()
        .read(move |tx| async move { rows::condemned_in(tx, store, PAGE).await }.boxed())
        .await?;
    for blob in condemned {
        gate.delete(&object_name(&blob.object)?).await?;
        vault
            .catalog()
            .write(move |tx| {
                async move { rows::drop_copy(tx, blob.tenant, blob.id, store).await }.boxed()
            })
            .await?;
    }
    Ok(())
}

async fn bury(vault: &Vault) -> Result<u64> {
    let (now, replica) = (vault.clock().now(), vault.replica().is_some());
    let forsaken = vault
        .catalog()
        .read(move |tx| async move { rows::forsaken(tx, replica, PAGE).await }.boxed())
        .await?;
    let mut count = 0;
    for blob in forsaken {
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
    let mut count = blobs::sweep::sweep_parts(vault.gate(), now, known.clone()).await?;
    for store in [StoreRole::Primary, StoreRole::Replica] {
        if let Some(gate) = vault.store_as(store) {
            let swept = blobs::sweep::sweep(&gate, now, &known).await?;
            count += swept.orphans + swept.unfinished;
        }
    }
    Ok(count)
}

/// Which of these have a row: as a blob, or as a part of an upload, which some stores name like a blob.
pub(crate) async fn known_blobs(
    catalog: &catalog::Db,
    blobs: Vec<BlobId>,
) -> Result<HashSet<BlobId>, Error> {
    Ok(catalog
        .read(move |tx| {
            async move {
                let mut known = rows::known(tx, &blobs).await?;
                known.extend(parts::known(tx, &blobs).await?);
                Ok(known)
            }
            .boxed()
        })
        .await?)
}
