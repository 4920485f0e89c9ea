//! What has had its time.

use catalog::{assets, changes, uploads, users};
use futures::FutureExt;

use crate::Vault;
use crate::error::Result;

/// A PUT that has been silent for this long is dead; its link may be used again.
const SILENT_MILLIS: i64 = 60 * 60 * 1000;

/// Changes older than this are forgotten; a listener that was away longer loads anew.
const REMEMBERED_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Rows removed in one transaction.
const PAGE: u32 = 500;

/// Ends presigned uploads whose link has expired.
pub async fn uploads(vault: Vault) -> Result<u64> {
    let now = vault.clock().now();
    let silent = now.plus_millis(-SILENT_MILLIS);
    Ok(vault
        .catalog()
        .write(move |tx| uploads::expire(tx, now, silent).boxed())
        .await?)
}

/// Deletes for good what has lain in the trash for long enough.
pub async fn trash(vault: Vault) -> Result<u64> {
    let days = i64::from(vault.live().trash_days);
    let mut count = 0;
    loop {
        let now = vault.clock().now();
        let before = now.plus_millis(-days * 24 * 60 * 60 * 1000);
        let due = vault
            .catalog()
            .read(move |tx| assets::trashed_before(tx, before, PAGE).boxed())
            .await?;
        for (visibility, id) in &due {
            let (visibility, id) = (visibility.clone(), *id);
            let deleted = vault
                .catalog()
                .write(move |tx| {
                    async move {
                        let tenant = visibility.tenant();
                        let kind = changes::ChangeKind::Deleted;
                        changes::of_asset(tx, tenant, id, kind, None, now).await?;
                        let Some(deleted) = assets::delete(tx, &visibility, id, now).await? else {
                            return Ok(None);
                        };
                        users::refund(tx, tenant, deleted.owner, deleted.bytes).await?;
                        Ok(Some(deleted))
                    }
                    .boxed()
                })
                .await?;
            if let Some(deleted) = deleted {
                count += 1;
                vault.delete_objects(&deleted.renditions).await;
            }
        }
        vault.committed();
        if due.len() < PAGE as usize {
            return Ok(count);
        }
    }
}

/// Forgets old changes.
pub async fn changes(vault: Vault) -> Result<u64> {
    let before = vault.clock().now().plus_millis(-REMEMBERED_MILLIS);
    let mut count = 0;
    loop {
        let pruned = vault
            .catalog()
            .write(move |tx| changes::prune(tx, before, PAGE).boxed())
            .await?;
        count += pruned;
        if pruned < u64::from(PAGE) {
            return Ok(count);
        }
    }
}
