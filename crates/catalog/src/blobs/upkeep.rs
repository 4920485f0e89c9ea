//! What keepers do with blobs: condemn, delete, recount, compare with the store.

use std::collections::HashSet;

use domain::{BlobId, TenantId, Timestamp};
use uuid::Uuid;

use super::{Blob, BlobState, read};
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

/// Condemned blobs, longest first: delete their objects, then [`mark_gone`].
///
/// # Errors
/// Those of the database.
pub async fn condemned(tx: &mut Tx, limit: u32) -> Result<Vec<Blob>, Error> {
    let rows = tx
        .rows(
            "SELECT id, tenant, sha256, size, stored_size, object, state, refs, created_at FROM blob \
             WHERE state = 'condemned' ORDER BY state_at, id LIMIT $1",
            args![limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Notes that a condemned blob's object is deleted everywhere. Whether it was condemned.
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
        tx.execute(
            "DELETE FROM blob_copy WHERE tenant = $1 AND blob = $2",
            args![tenant, id],
        )
        .await?;
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

/// Which of these blobs have a row, whatever its state: their objects are not orphans. At most 1000
/// are looked for at a time.
///
/// # Errors
/// Those of the database.
pub async fn known(tx: &mut Tx, ids: &[BlobId]) -> Result<HashSet<BlobId>, Error> {
    let mut found = HashSet::new();
    for ids in ids.chunks(1000) {
        let mut sql = Builder::new("SELECT id FROM blob WHERE id");
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
