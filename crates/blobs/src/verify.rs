//! Whether the store holds what the catalog says, byte for byte.

use std::collections::HashSet;
use std::future::Future;

use domain::{BlobId, Sha256};
use futures::{Stream, StreamExt, stream};

use crate::{Area, BlobError, Gate, Listed, ObjectName, Pace};

/// Objects looked at together when orphans are looked for.
const PAGE: usize = 1000;

/// A blob that ought to be in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Where.
    pub object: ObjectName,
    /// Digest of its plain bytes.
    pub sha256: Sha256,
    /// Number of its plain bytes.
    pub size: u64,
}

/// Something that is not as it ought to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The object is not what was written: its tags or its digest do not hold.
    Flipped {
        /// Its key.
        key: String,
        /// What was found.
        reason: String,
    },
    /// The object is not there.
    Missing {
        /// Its key.
        key: String,
    },
    /// The object is sound but of another length than it ought to have.
    WrongSize {
        /// Its key.
        key: String,
        /// Number of plain bytes it ought to have.
        expected: u64,
        /// Number of plain bytes it has.
        found: u64,
    },
    /// The store could not give the object: nothing is known about it.
    Unreadable {
        /// Its key.
        key: String,
        /// What the store said.
        reason: String,
    },
    /// An object nobody refers to, or a file that is not ours. A young one may be an upload under
    /// way.
    Orphan {
        /// Its key.
        key: String,
        /// Bytes as stored.
        size: u64,
    },
}

/// Reads one object again in full; `None` when all is well.
pub async fn check(gate: &Gate, expected: &Expected) -> Option<Finding> {
    check_at(gate, expected, &Pace::unbounded()).await
}

/// [`check`] at a pace.
pub async fn check_at(gate: &Gate, expected: &Expected, pace: &Pace) -> Option<Finding> {
    let key = expected.object.to_string();
    let verified = match gate.verify_at(&expected.object, pace).await {
        Ok(verified) => verified,
        Err(BlobError::NotFound { .. }) => return Some(Finding::Missing { key }),
        Err(BlobError::Damaged { reason, .. }) => {
            let reason = reason.into_owned();
            return Some(Finding::Flipped { key, reason });
        }
        Err(error) => {
            let reason = explain(&error);
            return Some(Finding::Unreadable { key, reason });
        }
    };
    if verified.size != expected.size {
        return Some(Finding::WrongSize {
            key,
            expected: expected.size,
            found: verified.size,
        });
    }
    (verified.sha256 != expected.sha256).then(|| Finding::Flipped {
        key,
        reason: format!("its SHA-256 is {}", verified.sha256),
    })
}

/// Reads every expected object again, `at_once` at a time, and gives the findings as they come.
pub fn check_all<'a>(
    gate: &'a Gate,
    expected: impl Stream<Item = Expected> + Send + 'a,
    at_once: usize,
) -> impl Stream<Item = Finding> + Send + 'a {
    expected
        .map(move |expected| async move { check(gate, &expected).await })
        .buffer_unordered(at_once)
        .filter_map(std::future::ready)
}

/// Every blob in the store that is not among those `known` tells, which is asked a page at a time.
pub fn orphans<'a, F, Fut, E>(
    gate: &'a Gate,
    known: F,
) -> impl Stream<Item = Result<Finding, E>> + Send + 'a
where
    F: Fn(Vec<BlobId>) -> Fut + Send + Sync + 'a,
    Fut: Future<Output = Result<HashSet<BlobId>, E>> + Send + 'a,
    E: From<BlobError> + Send + 'a,
{
    stream::try_unfold((None, known), move |(after, known)| async move {
        let page = gate
            .list(Area::Blobs, Option::<String>::as_deref(&after), PAGE)
            .await?;
        let Some(last) = page.last() else {
            return Ok(None);
        };
        let after = Some(last.key.clone());
        let ids = page.iter().filter_map(blob_of).collect();
        let rows = known(ids).await?;
        let lost = page
            .into_iter()
            .filter(|listed| !blob_of(listed).is_some_and(|blob| rows.contains(&blob)))
            .map(|listed| {
                Ok(Finding::Orphan {
                    size: listed.stat.size,
                    key: listed.key,
                })
            })
            .collect::<Vec<_>>();
        Ok(Some((stream::iter(lost), (after, known))))
    })
    .flat_map(|page| match page {
        Ok(lost) => lost.left_stream(),
        Err(error) => stream::iter([Err(error)]).right_stream(),
    })
}

const fn blob_of(listed: &Listed) -> Option<BlobId> {
    match &listed.object {
        Some(ObjectName::Blob { blob, .. }) => Some(*blob),
        _ => None,
    }
}

/// An error with what lies under it.
fn explain(error: &BlobError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests;
