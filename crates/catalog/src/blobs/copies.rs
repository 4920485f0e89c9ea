//! Where a blob's bytes lie: one row per store.

use domain::{BlobId, TenantId, Timestamp};

use crate::sql::args;
use crate::words::words;
use crate::{Error, Tx};

words! {
    /// What is known of a copy.
    CopyState {
        /// Written, or read back whole.
        Present = "present",
        /// Read back and wrong.
        Damaged = "damaged",
        /// Not there.
        Missing = "missing",
    }
}

/// One copy of a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobCopy {
    /// The store's name in the configuration.
    pub store: String,
    /// How quickly it can be read: `hot`, `cold`.
    pub tier: String,
    /// What is known of it.
    pub state: CopyState,
    /// When it was last read back whole, or written.
    pub verified_at: Timestamp,
}

/// Adds or replaces the copy of a blob in one store.
///
/// # Errors
/// [`Error::Conflict`] when there is no such blob.
pub async fn put_copy(
    tx: &mut Tx,
    tenant: TenantId,
    blob: BlobId,
    copy: &BlobCopy,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO blob_copy (tenant, blob, store, tier, state, verified_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (tenant, blob, store) DO UPDATE SET tier = excluded.tier, state = excluded.state, \
         verified_at = excluded.verified_at",
        args![
            tenant,
            blob,
            copy.store.as_str(),
            copy.tier.as_str(),
            copy.state,
            copy.verified_at
        ],
    )
    .await
    .map(drop)
}

/// The copies of a blob, by store.
///
/// # Errors
/// Those of the database.
pub async fn copies(tx: &mut Tx, tenant: TenantId, blob: BlobId) -> Result<Vec<BlobCopy>, Error> {
    let rows = tx
        .rows(
            "SELECT store, tier, state, verified_at FROM blob_copy WHERE tenant = $1 AND blob = $2",
            args![tenant, blob],
        )
        .await?;
    let read = |row: crate::sql::Row| {
        let mut row = row.of("blob_copy");
        Ok(BlobCopy {
            store: row.next("store")?,
            tier: row.next("tier")?,
            state: row.next("state")?,
            verified_at: row.next("verified_at")?,
        })
    };
    let mut copies: Vec<BlobCopy> = rows.into_iter().map(read).collect::<Result<_, Error>>()?;
    copies.sort_by(|a, b| a.store.cmp(&b.store));
    Ok(copies)
}

/// Notes that a copy was read back whole. Whether there is such a copy.
///
/// # Errors
/// Those of the database.
pub async fn mark_verified(
    tx: &mut Tx,
    tenant: TenantId,
    blob: BlobId,
    store: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE blob_copy SET state = 'present', verified_at = $4 WHERE tenant = $1 AND blob = $2 AND store = $3",
        args![tenant, blob, store, now],
    )
    .await
}

/// Notes that a copy was read back and is wrong. Whether there is such a copy.
///
/// # Errors
/// Those of the database.
pub async fn mark_damaged(
    tx: &mut Tx,
    tenant: TenantId,
    blob: BlobId,
    store: &str,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE blob_copy SET state = 'damaged' WHERE tenant = $1 AND blob = $2 AND store = $3",
        args![tenant, blob, store],
    )
    .await
}

/// Notes that a copy is not there. Whether there is such a row.
///
/// # Errors
/// Those of the database.
pub async fn mark_missing(
    tx: &mut Tx,
    tenant: TenantId,
    blob: BlobId,
    store: &str,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE blob_copy SET state = 'missing' WHERE tenant = $1 AND blob = $2 AND store = $3",
        args![tenant, blob, store],
    )
    .await
}
