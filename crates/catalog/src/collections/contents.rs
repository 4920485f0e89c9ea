//! What lies in a collection. Callers hold the owner's lock.

use std::collections::BTreeSet;

use domain::{AssetId, CollectionId, TenantId, Timestamp, UserId};

use crate::sql::{Builder, args};
use crate::{Error, Tx};

/// What came of putting assets into a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// So many were not in it before.
    Added(u64),
    /// Not all of them are assets of the one who puts them in: nothing was changed.
    NotAllOwn,
    /// It would hold more than it may.
    Full,
}

/// Puts assets (at most 1000) of `by` into a collection, behind what lies there.
///
/// # Errors
/// [`Error::Conflict`] when there is no such collection.
pub async fn put(
    tx: &mut Tx,
    tenant: TenantId,
    id: CollectionId,
    by: UserId,
    assets: &BTreeSet<AssetId>,
    max: u64,
    now: Timestamp,
) -> Result<Put, Error> {
    let own = count_own(tx, tenant, by, assets).await?;
    if own != assets.len() as u64 {
        return Ok(Put::NotAllOwn);
    }
    let (count, last) = extent(tx, tenant, id).await?;
    let mut sql = Builder::new(
        "INSERT INTO collection_asset (tenant, collection, asset, position, added_by, added_at) SELECT a.tenant, ",
    );
    sql.bind(id).push(", a.id, ").bind(last + 1).push(", ");
    sql.bind(by).push(", ").bind(now);
    sql.push(" FROM asset a WHERE a.tenant = ").bind(tenant);
    sql.push(" AND a.owner = ").bind(by).push(" AND a.id");
    sql.is_one_of(assets.iter().copied());
    // Rows are locked in the order of their ids everywhere.
    sql.push(" ORDER BY a.id ON CONFLICT (tenant, collection, asset) DO NOTHING");
    let (sql, args) = sql.finish();
    let added = tx.execute(sql, args).await?;
    if count + added > max {
        return Ok(Put::Full);
    }
    Ok(Put::Added(added))
}

async fn count_own(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
    assets: &BTreeSet<AssetId>,
) -> Result<u64, Error> {
    let mut sql = Builder::new("SELECT count(*) FROM asset WHERE tenant = ");
    sql.bind(tenant).push(" AND owner = ").bind(owner);
    sql.push(" AND id");
    sql.is_one_of(assets.iter().copied());
    let (sql, args) = sql.finish();
    let row = tx.row(sql, args).await?;
    row.map_or(Ok(0), |row| row.of("asset").next("count"))
}

/// How many assets lie in a collection, and the last position taken.
async fn extent(tx: &mut Tx, tenant: TenantId, id: CollectionId) -> Result<(u64, i64), Error> {
    let row = tx
        .row(
            "SELECT count(*), COALESCE(max(position), 0) FROM collection_asset WHERE tenant = $1 AND collection = $2",
            args![tenant, id],
        )
        .await?;
    row.map_or(Ok((0, 0)), |row| {
        let mut row = row.of("collection_asset");
        Ok((row.next("count")?, row.next("position")?))
    })
}

/// Takes assets (at most 1000) out of a collection, with `of` only those of one owner. How many lay
/// in it.
///
/// # Errors
/// Those of the database.
pub async fn take(
    tx: &mut Tx,
    tenant: TenantId,
    id: CollectionId,
    of: Option<UserId>,
    assets: &BTreeSet<AssetId>,
) -> Result<u64, Error> {
    let mut sql = Builder::new("DELETE FROM collection_asset WHERE tenant = ");
    sql.bind(tenant).push(" AND collection = ").bind(id);
    if let Some(owner) = of {
        sql.push(" AND added_by = ").bind(owner);
    }
    sql.push(" AND asset");
    sql.is_one_of(assets.iter().copied());
    let (sql, args) = sql.finish();
    let taken = tx.execute(sql, args).await?;
    Ok(taken)
}

/// Gives back what was lent to an owner's collections by people to whom they are no longer open. The
/// collections it was taken out of.
///
/// # Errors
/// Those of the database.
pub async fn reclaim(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
    now: Timestamp,
) -> Result<Vec<CollectionId>, Error> {
    let rows = tx
        .rows(
            "WITH RECURSIVE open (id, app_user) AS ( \
                SELECT g.collection, g.app_user FROM collection_grant g \
                    JOIN collection c ON c.tenant = g.tenant AND c.id = g.collection \
                    WHERE g.tenant = $1 AND c.owner = $2 \
                UNION SELECT k.id, open.app_user FROM open \
                    JOIN collection k ON k.tenant = $1 AND k.parent = open.id) \
             DELETE FROM collection_asset WHERE tenant = $1 AND added_by <> $2 \
             AND collection IN (SELECT id FROM collection WHERE tenant = $1 AND owner = $2) \
             AND NOT EXISTS (SELECT 1 FROM open WHERE open.id = collection_asset.collection \
                AND open.app_user = collection_asset.added_by) \
             RETURNING collection",
            args![tenant, owner],
        )
        .await?;
    let mut touched = BTreeSet::new();
    for row in rows {
        let collection: CollectionId = row.of("collection_asset").next("collection")?;
        touched.insert(collection);
    }
    for collection in &touched {
        touch(tx, tenant, *collection, now).await?;
    }
    Ok(touched.into_iter().collect())
}

/// Notes that what lies in a collection has changed; its own revision stays.
///
/// # Errors
/// Those of the database.
pub async fn touch(
    tx: &mut Tx,
    tenant: TenantId,
    id: CollectionId,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE collection SET updated_at = $3 WHERE tenant = $1 AND id = $2 AND updated_at < $3",
        args![tenant, id, now],
    )
    .await
    .map(drop)
}

/// Whether an asset lies in a collection.
///
/// # Errors
/// Those of the database.
pub async fn holds(
    tx: &mut Tx,
    tenant: TenantId,
    id: CollectionId,
    asset: AssetId,
) -> Result<bool, Error> {
    let row = tx
        .row(
            "SELECT asset FROM collection_asset WHERE tenant = $1 AND collection = $2 AND asset = $3",
            args![tenant, id, asset],
        )
        .await?;
    Ok(row.is_some())
}
