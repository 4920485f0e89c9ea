//! What keepers do with blobs: condemn, delete, recount, compare with the store.

use std::collections::HashSet;

use domain::{BlobId, TenantId, Timestamp};
use uuid::Uuid;

use super::{Blob, BlobState, StoreRole, columns, read};
use crate::findings::{self, FindingOutcome};
use crate::sql::{Builder, args};
use crate::{Error, Tx};

/// Condemns live blobs that nothing has referred to since `before`: one update that proves both by
/// the count and by the references themselves. How many.
///
/// # Errors
/// Those of the database.
pub async fn condemn_unreferenced(
    tx: &mut Tx,
    before: Timestamp,
    limit: u32,
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "WITH picked AS MATERIALIZED (SELECT tenant, id FROM blob WHERE state = 'live' AND refs = 0 \
             AND state_at < $1 ORDER BY state_at, id LIMIT $2 {skip_locked}) \
         UPDATE blob SET state = 'condemned', state_at = $3 \
         WHERE (tenant, id) IN (SELECT tenant, id FROM picked) AND state = 'live' AND refs = 0 \
         AND NOT EXISTS (SELECT 1 FROM version_file f WHERE f.tenant = blob.tenant AND f.blob = blob.id)",
        args![before, limit, now],
    )
    .await
}

/// Condemned blobs with a copy in a store, longest first: delete the objects there, then [`drop_copy`].
///
/// # Errors
/// Those of the database.
pub async fn condemned_in(tx: &mut Tx, store: StoreRole, limit: u32) -> Result<Vec<Blob>, Error> {
    let rows = tx
        .rows(
            concat!("SELECT ", columns!(), " \
             FROM blob b JOIN blob_copy c ON c.tenant = b.tenant AND c.blob = b.id AND c.store = $1 \
             WHERE b.state = 'condemned' ORDER BY b.state_at, b.id LIMIT $2"),
            args![store, limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Notes that a condemned blob's object is deleted in a store.
///
/// # Errors
/// Those of the database.
pub async fn drop_copy(
    tx: &mut Tx,
    tenant: TenantId,
    id: BlobId,
    store: StoreRole,
) -> Result<bool, Error> {
    tx.changed(
        "DELETE FROM blob_copy WHERE tenant = $1 AND blob = $2 AND store = $3 AND EXISTS \
         (SELECT 1 FROM blob b WHERE b.tenant = $1 AND b.id = $2 AND b.state = 'condemned')",
        args![tenant, id, store],
    )
    .await
}

/// Condemned blobs without a copy in a store of ours that is in use, longest first: [`mark_gone`]. With
/// `replica` the replica is in use; without, what it may still hold is not waited for.
///
/// # Errors
/// Those of the database.
pub async fn forsaken(tx: &mut Tx, replica: bool, limit: u32) -> Result<Vec<Blob>, Error> {
    let rows = tx
        .rows(
            "SELECT id, tenant, sha256, size, stored_size, object, state, refs, created_at FROM blob b \
             WHERE state = 'condemned' AND NOT EXISTS (SELECT 1 FROM blob_copy c \
                 WHERE c.tenant = b.tenant AND c.blob = b.id \
                 AND (c.store = 'primary' OR (c.store = 'replica' AND $1))) \
             ORDER BY state_at, id LIMIT $2",
            args![replica, limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Notes that a condemned blob's object is deleted everywhere, and what that means for what was to be
/// copied and for what was found. Whether it was condemned.
///
/// # Errors
/// Those of the database.
pub async fn mark_gone(
    tx: &mut Tx,
    tenant: TenantId,
    id: BlobId,
    now: Timestamp,
) -> Result<bool, Error> {
    let gone = tx
        .changed(
            "UPDATE blob SET state = 'gone', state_at = $3 WHERE tenant = $1 AND id = $2 AND state = 'condemned'",
            args![tenant, id, now],
        )
        .await?;
    if gone {
        for table in [
            "DELETE FROM blob_copy WHERE tenant = $1 AND blob = $2",
            "DELETE FROM copy_due WHERE tenant = $1 AND blob = $2",
        ] {
            tx.execute(table, args![tenant, id]).await?;
        }
        findings::conclude_all(tx, tenant, id, FindingOutcome::Dropped, now).await?;
    }
    Ok(gone)
}

/// A blob whose count was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recounted {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub id: BlobId,
    /// References there are.
    pub refs: u64,
}

/// Sets every live blob's count to the number of its references; gives those that were wrong.
///
/// # Errors
/// Those of the database.
pub async fn recount(tx: &mut Tx, now: Timestamp) -> Result<Vec<Recounted>, Error> {
    let rows = tx
        .rows(
            "UPDATE blob SET state_at = $1, refs = (SELECT count(*) FROM version_file f \
                 WHERE f.tenant = blob.tenant AND f.blob = blob.id) \
             WHERE state = 'live' AND refs <> (SELECT count(*) FROM version_file f \
                 WHERE f.tenant = blob.tenant AND f.blob = blob.id) \
             RETURNING id, tenant, refs",
            args![now],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("blob");
            Ok(Recounted {
                id: row.next("id")?,
                tenant: row.next("tenant")?,
                refs: row.next("refs")?,
            })
        })
        .collect()
}

/// Live blobs of all tenants in the order of (tenant, id), after the given one: for a scrub.
///
/// # Errors
/// Those of the database.
pub async fn all(
    tx: &mut Tx,
    after: Option<(TenantId, BlobId)>,
    limit: u32,
) -> Result<Vec<Blob>, Error> {
    let (tenant, id) = after.map_or((Uuid::nil(), Uuid::nil()), |(tenant, id)| {
        (tenant.uuid(), id.uuid())
    });
    let rows = tx
        .rows(
            "SELECT id, tenant, sha256, size, stored_size, object, state, refs, created_at FROM blob \
             WHERE (tenant, id) > ($1, $2) AND state = 'live' ORDER BY tenant, id LIMIT $3",
            args![tenant, id, limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Which of these blobs have a row and are not gone: their objects are not orphans. What is gone was
/// deleted; if a copy came to lie there after that, it is nobody's. At most 1000 are looked for at a time.
///
/// # Errors
/// Those of the database.
pub async fn known(tx: &mut Tx, ids: &[BlobId]) -> Result<HashSet<BlobId>, Error> {
    let mut found = HashSet::new();
    for ids in ids.chunks(1000) {
        let mut sql = Builder::new("SELECT id FROM blob WHERE state <> 'gone' AND id");
        sql.is_one_of(ids.iter().copied());
        let (sql, args) = sql.finish();
        for row in tx.rows(sql, args).await? {
            found.insert(row.of("blob").next("id")?);
        }
    }
    Ok(found)
}

/// Which of these objects the catalog knows and must not be swept: live ones, and condemned ones,
/// which have their own way to the grave. At most 1000 names.
///
/// # Errors
/// Those of the database.
pub async fn live_by_objects(
    tx: &mut Tx,
    objects: &[String],
) -> Result<Vec<(String, BlobState)>, Error> {
    let mut sql = Builder::new("SELECT object, state FROM blob WHERE state <> 'gone' AND object");
    sql.is_one_of(objects.iter().take(1000));
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("blob");
            Ok((row.next("object")?, row.next("state")?))
        })
        .collect()
}
