//! Works off what the replica is still to get. Objects are copied as they lie, and checked on the way.
//! A replica that does not answer is told and tried again; one blob that cannot be copied never holds up
//! the others.

use blobs::{BlobError, Gate};
use catalog::blobs::{self as rows, BlobState, Due, StoreRole};
use domain::Timestamp;
use futures::{FutureExt, StreamExt, stream};
use metrics::counter;

use super::{Replica, Standing};
use crate::Vault;
use crate::content::object_name;
use crate::error::{Error, Result};
use crate::integrity::tell;

/// Blobs asked for at a time.
const BATCH: u32 = 64;

/// Blobs copied at the same time.
const AT_ONCE: usize = 2;

/// How long an idle replica is trusted before it is looked at again.
const PROBE_MILLIS: i64 = 30 * 1000;

/// Longest wait between two attempts at one blob.
const MAX_BACKOFF_MILLIS: i64 = 60 * 60 * 1000;

/// How long a replica may be away before people are told.
const PATIENCE_MILLIS: i64 = 10 * 60 * 1000;

/// What became of one blob.
enum Outcome {
    /// The replica has it, or need not have it any more.
    Done,
    /// It is tried again later.
    PutOff,
    /// The replica takes nothing just now.
    Down(Error),
}

/// Brings the replica up to date, as far as it lets itself be.
pub async fn round(vault: Vault) -> Result<u64> {
    if vault.replica().is_none() {
        return Ok(0);
    }
    tokio::select! {
        copied = bring_up_to_date(&vault) => copied,
        // What is under way is begun again after the next start.
        () = vault.until_draining() => Ok(0),
    }
}

async fn bring_up_to_date(vault: &Vault) -> Result<u64> {
    let Some(replica) = vault.replica() else {
        return Ok(0);
    };
    match attach_and_work_off(vault, replica).await {
        Ok(copied) => {
            answers(vault, replica).await?;
            Ok(copied)
        }
        Err(error) => {
            is_down(vault, replica, &error).await?;
            Ok(0)
        }
    }
}

async fn attach_and_work_off(vault: &Vault, replica: &Replica) -> Result<u64> {
    let gate = replica.attach(vault).await?;
    replica.take_stock(vault).await?;
    work_off(vault, replica, &gate).await
}

async fn work_off(vault: &Vault, replica: &Replica, gate: &Gate) -> Result<u64> {
    let mut copied = 0;
    let mut probed = false;
    loop {
        let now = vault.clock().now();
        let due = vault
            .catalog()
            .read(move |tx| {
                async move { rows::next_due(tx, StoreRole::Replica, now, BATCH).await }.boxed()
            })
            .await?;
        if !probed && (!due.is_empty() || replica.is_stale(now)) {
            // Before the first object: it may need keys that are not there yet.
            Replica::probe(gate).await?;
            replica.probed(now);
            probed = true;
        }
        if due.is_empty() {
            return Ok(copied);
        }
        let outcomes = stream::iter(due)
            .map(|due| copy_one(vault, replica, gate, due))
            .buffer_unordered(AT_ONCE);
        let mut outcomes = std::pin::pin!(outcomes);
        while let Some(outcome) = outcomes.next().await {
            match outcome? {
                Outcome::Done => copied += 1,
                Outcome::PutOff => {}
                Outcome::Down(error) => return Err(error),
            }
        }
    }
}

async fn copy_one(vault: &Vault, replica: &Replica, gate: &Gate, due: Due) -> Result<Outcome> {
    let blob = &due.blob;
    let object = object_name(&blob.object)?;
    let copied = if blob.state == BlobState::Live {
        vault
            .gate()
            .copy(&object, Some(blob.sha256), gate, &replica.pace)
            .await
    } else {
        Ok(blobs::Copied::There)
    };
    let error = match copied {
        Ok(done) => {
            if let blobs::Copied::Written(bytes) = done {
                counter!("mediavault_replicated_bytes_total").increment(bytes);
            }
            let (tenant, id, now) = (blob.tenant, blob.id, vault.clock().now());
            let live = vault
                .catalog()
                .write(move |tx| {
                    async move { rows::copied(tx, tenant, id, StoreRole::Replica, now).await }
                        .boxed()
                })
                .await?;
            if !live {
                // Deleted while it was copied: whoever deletes may have been here before the copy.
                gate.delete(&object).await?;
            }
            return Ok(Outcome::Done);
        }
        Err(error) => error,
    };
    match &error {
        // These speak of the primary's object; a check decides what is to be done about it.
        BlobError::NotFound { .. } | BlobError::Damaged { .. } => {
            vault.suspect(&object).await;
        }
        // One of the two stores failed: this one, when it cannot give the object to anybody.
        BlobError::Unavailable { .. } if vault.gate().verify(&object).await.is_err() => {
            vault.suspect(&object).await;
        }
        _ => return Ok(Outcome::Down(error.into())),
    }
    put_off(vault, &due, &error).await?;
    Ok(Outcome::PutOff)
}

async fn put_off(vault: &Vault, due: &Due, error: &BlobError) -> Result<()> {
    let (tenant, id) = (due.blob.tenant, due.blob.id);
    let run_at = vault
        .clock()
        .now()
        .plus_millis(backoff_millis(due.attempts));
    let problem = error.to_string();
    tracing::warn!(blob = %id, %error, "a blob could not be copied to the replica");
    vault
        .catalog()
        .write(move |tx| {
            async move { rows::put_off(tx, tenant, id, StoreRole::Replica, run_at, &problem).await }
                .boxed()
        })
        .await?;
    Ok(())
}

/// Doubles from ten seconds up to an hour.
fn backoff_millis(attempts: u32) -> i64 {
    10_000_i64
        .saturating_mul(1 << attempts.min(20))
        .min(MAX_BACKOFF_MILLIS)
}

async fn answers(vault: &Vault, replica: &Replica) -> Result<()> {
    let before = replica.set(Standing::Ready);
    if before == Standing::Ready {
        return Ok(());
    }
    let now = vault.clock().now();
    // What waited for it is tried now: copies, and repairs in both directions.
    vault
        .catalog()
        .write(move |tx| {
            async move {
                rows::hurry(tx, StoreRole::Replica, now).await?;
                rows::suspect_unsound(tx, StoreRole::Primary).await?;
                rows::suspect_unsound(tx, StoreRole::Replica).await
            }
            .boxed()
        })
        .await?;
    if let Standing::Down { since, .. } = before {
        tracing::info!(replica = replica.name(), "the replica answers again");
        if replica.was_told(since) {
            tell::replica_is_back(vault, replica.name()).await?;
        }
    }
    Ok(())
}

async fn is_down(vault: &Vault, replica: &Replica, error: &Error) -> Result<()> {
    let now = vault.clock().now();
    let why = in_words(error);
    let since = match replica.standing() {
        Standing::Down { since, .. } => since,
        _ => {
            tracing::warn!(replica = replica.name(), why, "the replica takes no copies");
            now
        }
    };
    replica.set(Standing::Down {
        why: why.clone(),
        since,
    });
    let away = now.millis() - since.millis();
    if away >= PATIENCE_MILLIS && replica.tell_once(since) {
        tell::replica_is_away(vault, replica.name(), &why).await?;
    }
    Ok(())
}

/// An error with what lies under it: the operator is to mend it.
fn in_words(error: &Error) -> String {
    let source: &dyn std::error::Error = match error {
        Error::Unavailable { source, .. }
        | Error::StorageFull(source)
        | Error::Internal(source) => &**source,
        other => other,
    };
    let mut text = source.to_string();
    let mut cause = source.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

impl Replica {
    fn is_stale(&self, now: Timestamp) -> bool {
        let away = matches!(self.standing(), Standing::Down { .. });
        away || now.millis() - self.last_probe() >= PROBE_MILLIS
    }
}
