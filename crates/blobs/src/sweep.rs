//! What may go: objects nobody refers to and work nobody finished.
//!
//! An upload publishes its object before its row is committed, so a young object without a row is
//! normal. A commit refuses an object older than half the [`GRACE_MILLIS`]; only past the whole of
//! it can an object without a row never get one.

use std::collections::HashSet;
use std::future::Future;

use domain::{BlobId, Timestamp};

use crate::{Area, BlobError, Gate, Listed, ObjectName};

/// How old an object nobody refers to must be: 24 hours.
pub const GRACE_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Objects looked at together.
const PAGE: usize = 1000;

/// What a sweep removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Blobs without a row.
    pub orphans: u64,
    /// Unfinished objects.
    pub unfinished: u64,
    /// Bytes given back, as stored.
    pub bytes: u64,
}

/// Whether something last written at `modified` is past the grace period.
pub const fn is_old(modified: Timestamp, now: Timestamp) -> bool {
    modified.plus_millis(GRACE_MILLIS).millis() <= now.millis()
}

/// The blobs of a page that are past the grace period.
pub fn old_blobs(page: &[Listed], now: Timestamp) -> Vec<BlobId> {
    let old = page
        .iter()
        .filter(|listed| is_old(listed.stat.modified, now));
    old.filter_map(blob_of).collect()
}

/// The lines of a page that may go: past the grace period and not among the `known`. Files that are
/// not ours never may.
pub fn orphans<'a>(
    page: &'a [Listed],
    now: Timestamp,
    known: &'a HashSet<BlobId>,
) -> impl Iterator<Item = &'a Listed> {
    page.iter().filter(move |listed| {
        is_old(listed.stat.modified, now)
            && blob_of(listed).is_some_and(|blob| !known.contains(&blob))
    })
}

/// Removes from the store what may go. `known` tells which of the given blobs have a row, in
/// whatever state.
///
/// # Errors
/// The store or `known` failed; what was removed until then stays removed.
pub async fn sweep<F, Fut, E>(gate: &Gate, now: Timestamp, mut known: F) -> Result<Swept, E>
where
    F: FnMut(Vec<BlobId>) -> Fut,
    Fut: Future<Output = Result<HashSet<BlobId>, E>>,
    E: From<BlobError>,
{
    let mut swept = Swept::default();
    let mut after = None;
    loop {
        let page = gate.list(Area::Blobs, after.as_deref(), PAGE).await?;
        let Some(last) = page.last() else { break };
        let old = old_blobs(&page, now);
        if !old.is_empty() {
            let known = known(old).await?;
            for listed in orphans(&page, now, &known) {
                if let Some(object) = &listed.object
                    && gate.delete(object).await?
                {
                    swept.orphans += 1;
                    swept.bytes += listed.stat.size;
                }
            }
        }
        after = Some(last.key.clone());
    }
    sweep_staging(gate, now, &mut swept).await?;
    Ok(swept)
}

/// Removes parts of uploads that are past the grace period and that `known` does not know: their row was
/// never written, or went before them. How many.
///
/// # Errors
/// The store or `known` failed; what was removed until then stays removed.
pub async fn sweep_parts<F, Fut, E>(gate: &Gate, now: Timestamp, mut known: F) -> Result<u64, E>
where
    F: FnMut(Vec<BlobId>) -> Fut,
    Fut: Future<Output = Result<HashSet<BlobId>, E>>,
    E: From<BlobError>,
{
    let mut swept = 0;
    let mut after = None;
    loop {
        let page = gate.list(Area::Parts, after.as_deref(), PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(swept);
        };
        let old = page
            .iter()
            .filter(|listed| is_old(listed.stat.modified, now))
            .filter_map(|listed| match &listed.object {
                Some(object @ ObjectName::Part { blob, .. }) => Some((*blob, object)),
                _ => None,
            });
        let old: Vec<_> = old.collect();
        let known = known(old.iter().map(|(blob, _)| *blob).collect()).await?;
        for (_, object) in old.iter().filter(|(blob, _)| !known.contains(blob)) {
            swept += u64::from(gate.delete(object).await?);
        }
        after = Some(last.key.clone());
    }
}

async fn sweep_staging(gate: &Gate, now: Timestamp, swept: &mut Swept) -> Result<(), BlobError> {
    let mut after = None;
    loop {
        let page = gate.list(Area::Staging, after.as_deref(), PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        for listed in page.iter().filter(|l| is_old(l.stat.modified, now)) {
            if gate.delete_staging(&listed.key).await? {
                swept.unfinished += 1;
                swept.bytes += listed.stat.size;
            }
        }
        after = Some(last.key.clone());
    }
}

const fn blob_of(listed: &Listed) -> Option<BlobId> {
    match &listed.object {
        Some(ObjectName::Blob { blob, .. }) => Some(*blob),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
