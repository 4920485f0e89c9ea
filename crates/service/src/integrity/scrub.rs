//! Reads every copy again, from the one looked at longest ago on: slowly for itself, at once when
//! somebody asks for a check. Where it stands is written at each copy, so it goes on after a stop.

use std::time::{Duration, Instant};

use blobs::Pace;
use catalog::blobs::{self as rows, Blob, StoreRole};
use catalog::check_runs::{self, CheckRun, CheckState, CheckTally};
use catalog::findings::FoundBy;
use domain::Timestamp;
use futures::{FutureExt, StreamExt, stream};

use super::check::Seen;
use super::tell;
use crate::Vault;
use crate::error::{Error, Result};
use crate::load;
use crate::replica::Standing;

/// Copies asked for at a time.
const PAGE: u32 = 32;

/// Copies read at the same time in a check: hashing takes a core each.
const AT_ONCE: usize = 2;

/// How long one round may take before everything is looked at anew: settings, hours, load.
const ROUND: Duration = Duration::from_secs(60);

/// How often a check writes down how far it is.
const TOLD_EVERY: Duration = Duration::from_secs(1);

/// How long a copy that is not sound rests before it is tried again.
const AGAIN_MILLIS: i64 = 60 * 60 * 1000;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Ended checks older than this are forgotten.
const REMEMBERED_MILLIS: i64 = 400 * DAY_MILLIS;

/// One round of the keeper: what was asked for, what somebody failed to read, what is wrong, and then
/// what was not looked at for long.
pub async fn round(vault: Vault) -> Result<u64> {
    tokio::select! {
        looked_at = look(&vault) => {
            tell::damage(&vault).await?;
            looked_at
        }
        // What is under way is read again after the next start.
        () = vault.until_draining() => Ok(0),
    }
}

async fn look(vault: &Vault) -> Result<u64> {
    let run = vault
        .catalog()
        .read(|tx| check_runs::running(tx).boxed())
        .await?;
    if let Some(run) = run {
        check_all(vault, run).await?;
    }
    let now = vault.clock().now();
    let mut repaired = 0;
    for role in own_stores(vault) {
        repaired += suspects(vault, role, now).await?;
        repaired += background(vault, role, now).await?;
    }
    Ok(repaired)
}

/// The stores of ours that can be read just now.
fn own_stores(vault: &Vault) -> Vec<StoreRole> {
    let mut stores = vec![StoreRole::Primary];
    if vault
        .replica()
        .is_some_and(|replica| replica.standing() == Standing::Ready)
    {
        stores.push(StoreRole::Replica);
    }
    stores
}

/// Copies that could not be read, or were wrong an hour ago.
async fn suspects(vault: &Vault, role: StoreRole, now: Timestamp) -> Result<u64> {
    let first = Timestamp::from_millis(1);
    let ago = now.plus_millis(-AGAIN_MILLIS);
    let pace = Pace::unbounded();
    let begun = Instant::now();
    let mut repaired = 0;
    // Each look moves a copy out of what is asked for.
    while begun.elapsed() < ROUND {
        let (mut page, unsound) = vault
            .catalog()
            .read(move |tx| {
                async move {
                    let suspected = rows::unchecked(tx, role, first, PAGE).await?;
                    Ok((suspected, rows::unsound(tx, role, ago, PAGE).await?))
                }
                .boxed()
            })
            .await?;
        page.extend(unsound);
        if page.is_empty() {
            break;
        }
        for blob in &page {
            let seen = vault.check_copy(blob, role, FoundBy::Read, &pace).await?;
            repaired += u64::from(seen == Seen::Repaired);
        }
    }
    Ok(repaired)
}

/// Copies that were not looked at for as long as the settings say, as fast as they allow.
async fn background(vault: &Vault, role: StoreRole, now: Timestamp) -> Result<u64> {
    let config = vault.live();
    if config.scrub_days == 0 || !config.scrub_hours.hold(now) {
        return Ok(0);
    }
    let before = now.plus_millis(-i64::from(config.scrub_days) * DAY_MILLIS);
    let pace = Pace::new(config.scrub_rate);
    let begun = Instant::now();
    let mut repaired = 0;
    loop {
        let page = unchecked(vault, role, before).await?;
        let last = page.len() < PAGE as usize;
        for blob in page {
            if begun.elapsed() > ROUND || load::is_high(vault) {
                return Ok(repaired);
            }
            let seen = vault.check_copy(&blob, role, FoundBy::Scrub, &pace).await?;
            repaired += u64::from(seen == Seen::Repaired);
        }
        if last {
            return Ok(repaired);
        }
    }
}

async fn unchecked(vault: &Vault, role: StoreRole, before: Timestamp) -> Result<Vec<Blob>> {
    Ok(vault
        .catalog()
        .read(move |tx| async move { rows::unchecked(tx, role, before, PAGE).await }.boxed())
        .await?)
}

/// Works off a check that was asked for, until it is through, is cancelled, or a store is away.
async fn check_all(vault: &Vault, run: CheckRun) -> Result<()> {
    let mut told = Told::new(vault, &run);
    let mut roles = own_stores(vault);
    roles.push(StoreRole::External);
    for role in roles {
        loop {
            let page = unchecked(vault, role, run.started_at).await?;
            if page.is_empty() {
                break;
            }
            let looks = stream::iter(page)
                .map(|blob| look_at(vault, blob, role))
                .buffer_unordered(AT_ONCE);
            let mut looks = std::pin::pin!(looks);
            while let Some((bytes, seen)) = looks.next().await {
                match seen {
                    Ok(seen) => told.count(bytes, seen),
                    Err(error) => return told.hold_up(&error).await,
                }
                if !told.now_and_then().await? {
                    return Ok(());
                }
            }
            if !told.now().await? {
                return Ok(());
            }
        }
    }
    told.end().await
}

/// One copy as fast as it goes: its bytes, and what was seen.
async fn look_at(vault: &Vault, blob: Blob, role: StoreRole) -> (u64, Result<Seen>) {
    let pace = Pace::unbounded();
    let seen = vault.check_copy(&blob, role, FoundBy::Check, &pace).await;
    (blob.size, seen)
}

/// What a check has counted and not written down yet.
struct Told<'a> {
    vault: &'a Vault,
    run: &'a CheckRun,
    tally: CheckTally,
    last: Instant,
}

impl<'a> Told<'a> {
    fn new(vault: &'a Vault, run: &'a CheckRun) -> Self {
        Self {
            vault,
            run,
            tally: CheckTally::default(),
            last: Instant::now(),
        }
    }

    fn count(&mut self, bytes: u64, seen: Seen) {
        self.tally.checked += 1;
        self.tally.checked_bytes += bytes;
        self.tally.found += u64::from(matches!(seen, Seen::Repaired | Seen::Broken));
        self.tally.repaired += u64::from(seen == Seen::Repaired);
    }

    /// Whether the check still runs, as far as that was asked.
    async fn now_and_then(&mut self) -> Result<bool> {
        if self.last.elapsed() < TOLD_EVERY {
            return Ok(true);
        }
        self.now().await
    }

    async fn now(&mut self) -> Result<bool> {
        self.last = Instant::now();
        let (id, tally) = (self.run.id, std::mem::take(&mut self.tally));
        Ok(self
            .vault
            .catalog()
            .write(move |tx| async move { check_runs::advance(tx, id, tally).await }.boxed())
            .await?)
    }

    async fn hold_up(&mut self, error: &Error) -> Result<()> {
        self.now().await?;
        let (id, message) = (self.run.id, error.to_string());
        tracing::warn!(%error, "a check waits");
        self.vault
            .catalog()
            .write(move |tx| async move { check_runs::hold_up(tx, id, &message).await }.boxed())
            .await?;
        Ok(())
    }

    async fn end(mut self) -> Result<()> {
        self.now().await?;
        let (id, now) = (self.run.id, self.vault.clock().now());
        self.vault
            .catalog()
            .write(move |tx| {
                async move {
                    check_runs::prune(tx, now.plus_millis(-REMEMBERED_MILLIS)).await?;
                    check_runs::end(tx, Some(id), CheckState::Done, now).await
                }
                .boxed()
            })
            .await?;
        Ok(())
    }
}
