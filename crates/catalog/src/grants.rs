//! Grants: what opens a collection, and those nested in it, to somebody beside its owner.

use domain::{CollectionId, Level, TenantId, Timestamp, UserId};

use crate::sql::args;
use crate::{Error, Tx};

/// A grant as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// On which collection: the one asked about, or one it is nested in.
    pub collection: CollectionId,
    /// To whom.
    pub user: UserId,
    /// Their name.
    pub name: Option<String>,
    /// Their e-mail address.
    pub email: String,
    /// How far.
    pub level: Level,
    /// By whom.
    pub granted_by: UserId,
    /// What that one is called, if the account is still there.
    pub granted_by_name: Option<String>,
    /// When.
    pub granted_at: Timestamp,
}

/// A grant to make.
#[derive(Debug, Clone, Copy)]
pub struct NewGrant {
    /// In which tenant.
    pub tenant: TenantId,
    /// On which collection.
    pub collection: CollectionId,
    /// To whom.
    pub user: UserId,
    /// How far.
    pub level: Level,
    /// By whom.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// What came of making a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granted {
    /// There was none before.
    New,
    /// There was one of another level.
    Changed,
    /// It was there just so.
    Unchanged,
}

/// Makes a grant, or changes the level of the one that is there. Callers hold the owner's lock.
///
/// # Errors
/// [`Error::Conflict`] when there is no such collection or user.
pub async fn put(tx: &mut Tx, grant: &NewGrant) -> Result<Granted, Error> {
    let held = level(tx, grant.tenant, grant.collection, grant.user).await?;
    if held == Some(grant.level) {
        return Ok(Granted::Unchanged);
    }
    tx.execute(
        "INSERT INTO collection_grant (tenant, collection, app_user, level, granted_by, granted_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, collection, app_user) \
         DO UPDATE SET level = excluded.level, granted_by = excluded.granted_by, granted_at = excluded.granted_at",
        args![
            grant.tenant,
            grant.collection,
            grant.user,
            grant.level,
            grant.by,
            grant.at
        ],
    )
    .await?;
    Ok(match held {
        Some(_) => Granted::Changed,
        None => Granted::New,
    })
}

/// The level of the grant on just this collection.
///
/// # Errors
/// Those of the database.
pub async fn level(
    tx: &mut Tx,
    tenant: TenantId,
    collection: CollectionId,
    user: UserId,
) -> Result<Option<Level>, Error> {
    let row = tx
        .row(
            "SELECT level FROM collection_grant WHERE tenant = $1 AND collection = $2 AND app_user = $3",
            args![tenant, collection, user],
        )
        .await?;
    row.map(|row| row.of("collection_grant").next("level"))
        .transpose()
}

/// How many people a collection is open to by grants on just this one.
///
/// # Errors
/// Those of the database.
pub async fn count(tx: &mut Tx, tenant: TenantId, collection: CollectionId) -> Result<u64, Error> {
    let row = tx
        .row(
            "SELECT count(*) FROM collection_grant WHERE tenant = $1 AND collection = $2",
            args![tenant, collection],
        )
        .await?;
    row.map_or(Ok(0), |row| row.of("collection_grant").next("count"))
}

/// Takes a grant back. Whether there was one. Callers hold the owner's lock.
///
/// # Errors
/// Those of the database.
pub async fn remove(
    tx: &mut Tx,
    tenant: TenantId,
    collection: CollectionId,
    user: UserId,
) -> Result<bool, Error> {
    tx.changed(
        "DELETE FROM collection_grant WHERE tenant = $1 AND collection = $2 AND app_user = $3",
        args![tenant, collection, user],
    )
    .await
}

/// The grants that open a collection, its own and those above it, oldest first; at most 1000.
///
/// # Errors
/// Those of the database.
pub async fn of_collection(
    tx: &mut Tx,
    tenant: TenantId,
    collection: CollectionId,
) -> Result<Vec<Grant>, Error> {
    let rows = tx
        .rows(
            "WITH RECURSIVE up (id, parent) AS ( \
                SELECT id, parent FROM collection WHERE tenant = $1 AND id = $2 \
                UNION SELECT c.id, c.parent FROM up JOIN collection c ON c.tenant = $1 AND c.id = up.parent) \
             SELECT g.collection, g.app_user, u.name, u.email, g.level, g.granted_by, COALESCE(b.name, b.email), \
             g.granted_at FROM up JOIN collection_grant g ON g.tenant = $1 AND g.collection = up.id \
             JOIN app_user u ON u.tenant = g.tenant AND u.id = g.app_user \
             LEFT JOIN app_user b ON b.tenant = g.tenant AND b.id = g.granted_by \
             ORDER BY g.granted_at, g.app_user LIMIT 1000",
            args![tenant, collection],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("collection_grant");
            Ok(Grant {
                collection: row.next("collection")?,
                user: row.next("app_user")?,
                name: row.next("name")?,
                email: row.next("email")?,
                level: row.next("level")?,
                granted_by: row.next("granted_by")?,
                granted_by_name: row.next("granted_by_name")?,
                granted_at: row.next("granted_at")?,
            })
        })
        .collect()
}
