//! Bytes that lie in a folder that is not ours. Their blob has no object: where they are is told by
//! `external_entry`. When the same bytes are uploaded, [`super::heal`] gives them a home of their own.

use domain::{BlobId, Sha256, TenantId, Timestamp};

use super::{BlobCopy, CopyState, StoreRole, put_copy, read};
use crate::sql::args;
use crate::users::signed;
use crate::{Error, Tx};

/// What the names of such objects begin with.
const EXTERNAL: &str = "external";

/// Whether an object's name says that its bytes lie in a folder.
pub fn is_external(object: &str) -> bool {
    object
        .strip_prefix(EXTERNAL)
        .is_some_and(|rest| rest.starts_with('/'))
}

/// Bytes met in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    /// Whose.
    pub tenant: TenantId,
    /// A fresh id.
    pub id: BlobId,
    /// Digest of the bytes.
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
}

/// The live blob with these bytes, which may be one of the store's; made if there is none. It cannot be
/// condemned before this transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn adopt_in_place(tx: &mut Tx, met: Met, now: Timestamp) -> Result<BlobId, Error> {
    let row = tx
        .row(
            "INSERT INTO blob (tenant, id, sha256, size, stored_size, object, state, created_at, state_at) \
             VALUES ($1, $2, $3, $4, 0, $5, 'live', $6, $6) \
             ON CONFLICT (tenant, sha256) WHERE state = 'live' DO UPDATE SET refs = blob.refs \
             RETURNING id, tenant, sha256, size, stored_size, object, state, refs, created_at",
            args![
                met.tenant,
                met.id,
                met.sha256,
                signed(met.size),
                format!("{EXTERNAL}/{}", met.id),
                now
            ],
        )
        .await?;
    let blob = read(row.ok_or(Error::Busy)?)?;
    if blob.id == met.id {
        let copy = BlobCopy {
            store: StoreRole::External,
            tier: EXTERNAL.to_owned(),
            state: CopyState::Present,
            verified_at: now,
        };
        put_copy(tx, met.tenant, met.id, &copy).await?;
    }
    Ok(blob.id)
}
