//! What a store holds, told by the store alone: for the day the catalog is lost.

use domain::{BlobId, Sha256, TenantId, Timestamp};
use futures::{Stream, StreamExt, TryStreamExt, stream};

use crate::{Area, BlobError, Gate, Listed, ObjectName};

/// Objects listed together.
const PAGE: usize = 1000;

/// A blob as its name and header tell it. The bytes are not read: see [`Gate::verify`].
#[derive(Debug)]
pub struct Recovered {
    /// Where it lies.
    pub object: ObjectName,
    /// Whose it is.
    pub tenant: TenantId,
    /// Its id.
    pub blob: BlobId,
    /// Digest of its plain bytes, where its name says it: see [`Gate::verify`] for the others.
    pub sha256: Option<Sha256>,
    /// When it was written.
    pub modified: Timestamp,
    /// Number of plain bytes, or why it cannot be read.
    pub size: Result<u64, BlobError>,
}

/// Walks every blob of the store.
pub fn recover(gate: &Gate) -> impl Stream<Item = Result<Recovered, BlobError>> + Send + '_ {
    stream::try_unfold(None::<String>, move |after| async move {
        let page = gate.list(Area::Blobs, after.as_deref(), PAGE).await?;
        let next = page.last().map(|last| last.key.clone());
        Ok::<_, BlobError>(next.map(|next| (stream::iter(page).map(Ok), Some(next))))
    })
    .try_flatten()
    .try_filter_map(move |listed| look_at(gate, listed))
}

async fn look_at(gate: &Gate, listed: Listed) -> Result<Option<Recovered>, BlobError> {
    let Some(object) = listed.object else {
        return Ok(None);
    };
    let ObjectName::Blob {
        tenant,
        sha256,
        blob,
    } = object
    else {
        return Ok(None);
    };
    let size = match gate.reader(tenant, &object).await {
        Ok(None) => return Ok(None),
        Ok(Some(reader)) => Ok(reader.size()),
        Err(error) => Err(error),
    };
    Ok(Some(Recovered {
        object,
        tenant,
        blob,
        sha256,
        modified: listed.stat.modified,
        size,
    }))
}
