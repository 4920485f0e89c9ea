//! What keepers do with uploads: complete those that were left when a node was killed, end those whose
//! time ran out, delete the parts of those that are over, and at last forget them.

use catalog::resumable as rows;
use catalog::resumable::State;
use futures::FutureExt;

use crate::Vault;
use crate::error::Result;

/// How long it is remembered that an upload is over: late clients are told so.
const REMEMBERED_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Uploads, and parts, handled at a time.
const PAGE: u32 = 100;

/// Ends uploads whose time ran out, and lets go of those that have ended. How many uploads and parts.
pub(crate) async fn end(vault: Vault) -> Result<u64> {
    let expired = expire(&vault).await?;
    let deleted = delete_spent(&vault).await?;
    let before = vault.clock().now().plus_millis(-REMEMBERED_MILLIS);
    vault
        .catalog()
        .write(move |tx| rows::forget(tx, before, PAGE).boxed())
        .await?;
    Ok(expired + deleted)
}

/// Completes uploads that have all their bytes and that nobody completes.
pub(crate) async fn complete_stranded(vault: Vault) -> Result<u64> {
    let now = vault.clock().now();
    let stranded = vault
        .catalog()
        .read(move |tx| rows::stranded(tx, now, PAGE).boxed())
        .await?;
    let mut count = 0;
    for upload in stranded {
        let id = upload.id;
        match vault.complete_alone(upload).await {
            Ok(()) => count += 1,
            Err(error) => tracing::warn!(%id, %error, "an upload could not be completed"),
        }
    }
    Ok(count)
}

/// Ends uploads whose time ran out.
async fn expire(vault: &Vault) -> Result<u64> {
    let mut count = 0;
    loop {
        let now = vault.clock().now();
        let due = vault
            .catalog()
            .read(move |tx| rows::due(tx, now, PAGE).boxed())
            .await?;
        for upload in &due {
            count += u64::from(vault.close_resumable(upload, State::Expired, None).await?);
        }
        if due.len() < PAGE as usize {
            return Ok(count);
        }
    }
}

/// Deletes the parts of uploads that are over.
async fn delete_spent(vault: &Vault) -> Result<u64> {
    let mut count = 0;
    loop {
        let spent = vault
            .catalog()
            .read(|tx| rows::parts::spent(tx, PAGE).boxed())
            .await?;
        let found = spent.len();
        for part in &spent {
            let object = crate::content::object_name(&part.object)?;
            vault.gate().delete(&object).await?;
        }
        vault
            .catalog()
            .write(move |tx| async move { rows::parts::remove(tx, &spent).await }.boxed())
            .await?;
        count += found as u64;
        if found < PAGE as usize {
            return Ok(count);
        }
    }
}

impl Vault {
    /// Deletes the parts of uploads that are over beside whatever goes on; what is left, a keeper deletes.
    pub(super) fn clear_away(&self) {
        let vault = self.clone();
        tokio::spawn(async move {
            if let Err(error) = delete_spent(&vault).await {
                tracing::warn!(%error, "parts of an upload could not be deleted yet");
            }
        });
    }
}
