//! What a store is still to get: written in the transaction that makes the blob, taken away in the one
//! that notes the copy. So nothing is forgotten, whenever the program stops.

use domain::{BlobId, TenantId, Timestamp};
use uuid::Uuid;

use super::{Blob, BlobCopy, StoreRole, columns, put_copy, read};
use crate::sql::args;
use crate::{Error, Tx};

/// How far a store is behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Behind {
    /// Blobs it has not.
    pub count: u64,
    /// Bytes of them, as stored.
    pub bytes: u64,
    /// Since when the oldest of them is waited for.
    pub since: Option<Timestamp>,
    /// Of them, those that were tried in vain.
    pub failing: u64,
}

/// Has a live blob copied to a store that has no copy of it.
///
/// # Errors
/// Those of the database.
pub async fn copy_due(
    tx: &mut Tx,
    tenant: TenantId,
    blob: BlobId,
    store: StoreRole,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "INSERT INTO copy_due (store, tenant, blob, stored_size, since, run_at) \
         SELECT $3, tenant, id, stored_size, $4, $4 FROM blob b WHERE tenant = $1 AND id = $2 AND state = 'live' \
         AND NOT EXISTS (SELECT 1 FROM blob_copy c WHERE c.tenant = b.tenant AND c.blob = b.id AND c.store = $3) \
         ON CONFLICT (store, tenant, blob) DO NOTHING",
        args![tenant, blob, store, now],
    )
    .await
}

/// Has the next `limit` live blobs after the given one copied to a store, as far as it has no sound copy
/// of them. The last of them; `None`: there are no more.
///
/// # Errors
/// Those of the database.
pub async fn backfill(
    tx: &mut Tx,
    store: StoreRole,
    after: Option<(TenantId, BlobId)>,
    limit: u32,
    now: Timestamp,
) -> Result<Option<(TenantId, BlobId)>, Error> {
    let (tenant, id) = after.map_or((Uuid::nil(), Uuid::nil()), |(tenant, id)| {
        (tenant.uuid(), id.uuid())
    });
    let last = tx
        .rows(
            "SELECT tenant, id FROM blob WHERE (tenant, id) > ($1, $2) ORDER BY tenant, id LIMIT $3",
            args![tenant, id, limit],
        )
        .await?
        .pop();
    let Some(last) = last else { return Ok(None) };
    let mut row = last.of("blob");
    let last: (TenantId, BlobId) = (row.next("tenant")?, row.next("id")?);
    tx.execute(
        "INSERT INTO copy_due (store, tenant, blob, stored_size, since, run_at) \
         SELECT $1, b.tenant, b.id, b.stored_size, $6, $6 FROM blob b \
         WHERE (b.tenant, b.id) > ($2, $3) AND (b.tenant, b.id) <= ($4, $5) AND b.state = 'live' \
         AND EXISTS (SELECT 1 FROM blob_copy c WHERE c.tenant = b.tenant AND c.blob = b.id AND c.store = 'primary') \
         AND NOT EXISTS (SELECT 1 FROM blob_copy c WHERE c.tenant = b.tenant AND c.blob = b.id AND c.store = $1 \
             AND c.state = 'present') \
         ON CONFLICT (store, tenant, blob) DO NOTHING",
        args![store, tenant, id, last.0, last.1, now],
    )
    .await?;
    Ok(Some(last))
}

/// A blob that is to be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The blob, whatever its state.
    pub blob: Blob,
    /// Attempts that failed.
    pub attempts: u32,
}

/// What a store is to get next.
///
/// # Errors
/// Those of the database.
pub async fn next_due(
    tx: &mut Tx,
    store: StoreRole,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Due>, Error> {
    let rows = tx
        .rows(
            concat!(
                "SELECT d.attempts, ",
                columns!(),
                " FROM copy_due d JOIN blob b ON b.tenant = d.tenant AND b.id = d.blob \
             WHERE d.store = $1 AND d.run_at <= $2 ORDER BY d.run_at LIMIT $3"
            ),
            args![store, now, limit],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("copy_due");
            let attempts = row.next("attempts")?;
            Ok(Due {
                attempts,
                blob: read(row)?,
            })
        })
        .collect()
}

/// Notes that a store has its copy. `false`: the blob is not live any more, and the copy is nobody's.
///
/// # Errors
/// Those of the database.
pub async fn copied(
    tx: &mut Tx,
    tenant: TenantId,
    blob: BlobId,
    store: StoreRole,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.execute(
        "DELETE FROM copy_due WHERE store = $3 AND tenant = $1 AND blob = $2",
        args![tenant, blob, store],
    )
    .await?;
    // Locked: whoever condemns it waits, and then finds the copy's row.
    let live = tx
        .row(
            "SELECT 1 FROM blob WHERE tenant = $1 AND id = $2 AND state = 'live' {for_update}",
            args![tenant, blob],
        )
        .await?
        .is_some();
    if live {
        put_copy(tx, tenant, blob, &BlobCopy::written(store, now)).await?;
    }
    Ok(live)
}

/// Tries a copy again at `run_at`.
///
/// # Errors
/// Those of the database.
pub async fn put_off(
    tx: &mut Tx,
    tenant: TenantId,
    blob: BlobId,
    store: StoreRole,
    run_at: Timestamp,
    problem: &str,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE copy_due SET attempts = attempts + 1, run_at = $4, problem = $5 \
         WHERE store = $3 AND tenant = $1 AND blob = $2",
        args![tenant, blob, store, run_at, problem],
    )
    .await
}

/// Tries all copies again that were put off.
///
/// # Errors
/// Those of the database.
pub async fn hurry(tx: &mut Tx, store: StoreRole, now: Timestamp) -> Result<u64, Error> {
    tx.execute(
        "UPDATE copy_due SET run_at = $2 WHERE store = $1 AND run_at > $2",
        args![store, now],
    )
    .await
}

/// How far a store is behind.
///
/// # Errors
/// Those of the database.
pub async fn behind(tx: &mut Tx, store: StoreRole) -> Result<Behind, Error> {
    let row = tx
        .row(
            "SELECT count(*), CAST(COALESCE(sum(stored_size), 0) AS {int}), min(since), \
             CAST(COALESCE(sum(CASE WHEN attempts > 0 THEN 1 ELSE 0 END), 0) AS {int}) \
             FROM copy_due WHERE store = $1",
            args![store],
        )
        .await?;
    let row = row.ok_or_else(|| Error::database("an aggregate gave no row"))?;
    let mut row = row.of("copy_due");
    Ok(Behind {
        count: row.next("count")?,
        bytes: row.next("bytes")?,
        since: row.next("since")?,
        failing: row.next("failing")?,
    })
}
