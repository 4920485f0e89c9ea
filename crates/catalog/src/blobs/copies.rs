//! Where a blob's bytes lie: one row for each store that has, or should have, a copy.

use domain::{BlobId, TenantId, Timestamp};

use super::{Blob, columns, read};
use crate::sql::args;
use crate::words::words;
use crate::{Error, Tx};

words! {
    /// The part that a store plays.
    StoreRole {
        /// What is written to and read from.
        Primary = "primary",
        /// What gets a copy of everything a little later.
        Replica = "replica",
        /// A folder that is not ours.
        External = "external",
        /// What everything is being moved to.
        Next = "next",
        /// What was the primary before the last move.
        Former = "former",
    }
}

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
    /// Whose store it lies in.
    pub store: StoreRole,
    /// How quickly it can be read: `warm`, `cold`.
    pub tier: String,
    /// What is known of it.
    pub state: CopyState,
    /// When it was last read back whole, or written.
    pub verified_at: Timestamp,
}

impl BlobCopy {
    /// A copy that has just been written.
    pub fn written(store: StoreRole, now: Timestamp) -> Self {
        Self {
            store,
            tier: "warm".to_owned(),
            state: CopyState::Present,
            verified_at: now,
        }
    }
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
        "INSERT INTO blob_copy (tenant, blob, store, tier, state, verified_at, checked_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $6) \
         ON CONFLICT (tenant, blob, store) DO UPDATE SET tier = excluded.tier, state = excluded.state, \
         verified_at = excluded.verified_at, checked_at = excluded.checked_at",
        args![
            tenant,
            blob,
            copy.store,
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
    copies.sort_by_key(|copy| copy.store);
    Ok(copies)
}

/// Notes what a look at a copy has found. Whether there is such a copy of a live blob.
///
/// # Errors
/// Those of the database.
pub async fn mark(
    tx: &mut Tx,
    tenant: TenantId,
    blob: BlobId,
    store: StoreRole,
    state: CopyState,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE blob_copy SET state = $4, checked_at = $5, \
         verified_at = CASE WHEN $4 = 'present' THEN $5 ELSE verified_at END \
         WHERE tenant = $1 AND blob = $2 AND store = $3 AND EXISTS \
         (SELECT 1 FROM blob b WHERE b.tenant = $1 AND b.id = $2 AND b.state = 'live')",
        args![tenant, blob, store, state, now],
    )
    .await
}

/// Notes that a copy was looked at and nothing was learned of it.
///
/// # Errors
/// Those of the database.
pub async fn looked_at(
    tx: &mut Tx,
    tenant: TenantId,
    blob: BlobId,
    store: StoreRole,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE blob_copy SET checked_at = $4 WHERE tenant = $1 AND blob = $2 AND store = $3",
        args![tenant, blob, store, now],
    )
    .await
}

/// Has a copy that is thought sound looked at before all others. One that is known to be unsound waits
/// for its turn: else two that cannot be repaired from one another would have each other looked at for ever.
///
/// # Errors
/// Those of the database.
pub async fn suspect(
    tx: &mut Tx,
    tenant: TenantId,
    blob: BlobId,
    store: StoreRole,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE blob_copy SET checked_at = 0 WHERE tenant = $1 AND blob = $2 AND store = $3 AND state = 'present'",
        args![tenant, blob, store],
    )
    .await
}

/// Has every copy in a store that is not sound looked at before all others.
///
/// # Errors
/// Those of the database.
pub async fn suspect_unsound(tx: &mut Tx, store: StoreRole) -> Result<u64, Error> {
    tx.execute(
        "UPDATE blob_copy SET checked_at = 0 WHERE store = $1 AND state <> 'present'",
        args![store],
    )
    .await
}

/// Takes everything a store had for lost, until it is found again: its disk is a new one.
///
/// # Errors
/// Those of the database.
pub async fn all_missing(tx: &mut Tx, store: StoreRole) -> Result<u64, Error> {
    tx.execute(
        "UPDATE blob_copy SET state = 'missing', checked_at = 0 WHERE store = $1",
        args![store],
    )
    .await
}

/// Live blobs whose copy in a store was last looked at before `before`, the longest ago first, and
/// when that was.
///
/// # Errors
/// Those of the database.
pub async fn unchecked(
    tx: &mut Tx,
    store: StoreRole,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<Blob>, Error> {
    let rows = tx
        .rows(
            concat!("SELECT ", columns!(), " \
             FROM blob_copy c JOIN blob b ON b.tenant = c.tenant AND b.id = c.blob AND b.state = 'live' \
             WHERE c.store = $1 AND c.checked_at < $2 ORDER BY c.checked_at LIMIT $3"),
            args![store, before, limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Live blobs whose copy in a store is not sound and was last looked at before `before`.
///
/// # Errors
/// Those of the database.
pub async fn unsound(
    tx: &mut Tx,
    store: StoreRole,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<Blob>, Error> {
    let rows = tx
        .rows(
            concat!("SELECT ", columns!(), " \
             FROM blob_copy c JOIN blob b ON b.tenant = c.tenant AND b.id = c.blob AND b.state = 'live' \
             WHERE c.store = $1 AND c.state <> 'present' AND c.checked_at < $2 ORDER BY c.checked_at LIMIT $3"),
            args![store, before, limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// How many copies in a store were last looked at before `before`, and the bytes of their blobs.
///
/// # Errors
/// Those of the database.
pub async fn count_unchecked(
    tx: &mut Tx,
    store: StoreRole,
    before: Timestamp,
) -> Result<(u64, u64), Error> {
    let row = tx
        .row(
            "SELECT count(*), CAST(COALESCE(sum(b.size), 0) AS {int}) \
             FROM blob_copy c JOIN blob b ON b.tenant = c.tenant AND b.id = c.blob AND b.state = 'live' \
             WHERE c.store = $1 AND c.checked_at < $2",
            args![store, before],
        )
        .await?;
    let row = row.ok_or_else(|| Error::database("an aggregate gave no row"))?;
    let mut row = row.of("blob_copy");
    Ok((row.next("copies")?, row.next("bytes")?))
}

/// The copies of one store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CopySums {
    /// How many there should be.
    pub copies: u64,
    /// Bytes of their blobs, as sent.
    pub bytes: u64,
    /// Of them, those that were read and are wrong.
    pub damaged: u64,
    /// Those that are not there.
    pub missing: u64,
    /// When the one was looked at that was looked at longest ago.
    pub oldest_check: Option<Timestamp>,
}

/// Sums over the copies of live blobs in a store.
///
/// # Errors
/// Those of the database.
pub async fn copy_sums(tx: &mut Tx, store: StoreRole) -> Result<CopySums, Error> {
    let row = tx
        .row(
            "SELECT count(*), CAST(COALESCE(sum(b.size), 0) AS {int}), \
             CAST(COALESCE(sum(CASE WHEN c.state = 'damaged' THEN 1 ELSE 0 END), 0) AS {int}), \
             CAST(COALESCE(sum(CASE WHEN c.state = 'missing' THEN 1 ELSE 0 END), 0) AS {int}), \
             min(c.checked_at) \
             FROM blob_copy c JOIN blob b ON b.tenant = c.tenant AND b.id = c.blob AND b.state = 'live' \
             WHERE c.store = $1",
            args![store],
        )
        .await?;
    let row = row.ok_or_else(|| Error::database("an aggregate gave no row"))?;
    let mut row = row.of("blob_copy");
    Ok(CopySums {
        copies: row.next("copies")?,
        bytes: row.next("bytes")?,
        damaged: row.next("damaged")?,
        missing: row.next("missing")?,
        oldest_check: row.next("checked_at")?,
    })
}

/// Forgets every copy in a store and what it was still to get. The objects stay where they are.
///
/// # Errors
/// Those of the database.
pub async fn forget_store(tx: &mut Tx, store: StoreRole) -> Result<u64, Error> {
    tx.execute("DELETE FROM copy_due WHERE store = $1", args![store])
        .await?;
    tx.execute("DELETE FROM blob_copy WHERE store = $1", args![store])
        .await
}

/// Gives a store, with all its copies, another part to play. Nothing may play that part already.
///
/// # Errors
/// [`Error::Conflict`] when something does.
pub async fn recast(tx: &mut Tx, from: StoreRole, to: StoreRole) -> Result<u64, Error> {
    tx.execute(
        "UPDATE blob_copy SET store = $2 WHERE store = $1",
        args![from, to],
    )
    .await
}

/// Whether any live blob has its bytes in a store of ours.
///
/// # Errors
/// Those of the database.
pub async fn any_stored(tx: &mut Tx) -> Result<bool, Error> {
    let row = tx
        .row(
            "SELECT 1 FROM blob_copy WHERE store = 'primary' LIMIT 1",
            args![],
        )
        .await?;
    Ok(row.is_some())
}
