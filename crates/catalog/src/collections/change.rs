//! Making, changing and removing collections. Callers hold the owner's lock.

use domain::{AssetId, CollectionId, TenantId, Timestamp, UserId};

use crate::sql::{Builder, args};
use crate::users::signed;
use crate::{Error, Tx};

/// A collection to make.
#[derive(Debug, Clone)]
pub struct NewCollection<'a> {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: CollectionId,
    /// Whose.
    pub owner: UserId,
    /// Nested in this one of the same owner.
    pub parent: Option<CollectionId>,
    /// Its name.
    pub name: &'a str,
    /// May be empty.
    pub description: &'a str,
    /// Makes it a smart one.
    pub query: Option<&'a str>,
    /// When.
    pub at: Timestamp,
}

/// What to change; `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// The name.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// `Some(None)`: nested in nothing.
    pub parent: Option<Option<CollectionId>>,
    /// `Some(None)`: the latest asset.
    pub cover: Option<Option<AssetId>>,
    /// The search of a smart one.
    pub query: Option<String>,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// Done.
    Done,
    /// It has another revision than expected, or is gone.
    Stale,
}

/// How many collections a user owns.
///
/// # Errors
/// Those of the database.
pub async fn count_of_owner(tx: &mut Tx, tenant: TenantId, owner: UserId) -> Result<u64, Error> {
    let row = tx
        .row(
            "SELECT count(*) FROM collection WHERE tenant = $1 AND owner = $2",
            args![tenant, owner],
        )
        .await?;
    row.map_or(Ok(0), |row| row.of("collection").next("count"))
}

/// Makes a collection.
///
/// # Errors
/// [`Error::Conflict`] when there is no such owner or parent.
pub async fn insert(tx: &mut Tx, new: &NewCollection<'_>) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO collection (tenant, id, owner, parent, name, name_key, description, query, created_at, \
         updated_at, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 1)",
        args![
            new.tenant,
            new.id,
            new.owner,
            new.parent,
            new.name,
            new.name.to_lowercase(),
            new.description,
            new.query,
            new.at
        ],
    )
    .await
    .map(drop)
}

/// Changes a collection. With `expected`, only that revision of it.
///
/// # Errors
/// Those of the database.
pub async fn update(
    tx: &mut Tx,
    tenant: TenantId,
    id: CollectionId,
    change: &Change,
    expected: Option<u64>,
    now: Timestamp,
) -> Result<Changed, Error> {
    let mut sql = Builder::new("UPDATE collection SET revision = revision + 1, updated_at = ");
    sql.bind(now);
    if let Some(name) = &change.name {
        sql.push(", name = ").bind(name);
        sql.push(", name_key = ").bind(name.to_lowercase());
    }
    if let Some(description) = &change.description {
        sql.push(", description = ").bind(description);
    }
    if let Some(parent) = change.parent {
        sql.push(", parent = ").bind(parent);
    }
    if let Some(cover) = change.cover {
        sql.push(", cover = ").bind(cover);
    }
    if let Some(query) = &change.query {
        sql.push(", query = ").bind(query);
    }
    sql.push(" WHERE tenant = ").bind(tenant);
    sql.push(" AND id = ").bind(id);
    if let Some(expected) = expected {
        sql.push(" AND revision = ").bind(signed(expected));
    }
    let (sql, args) = sql.finish();
    let done = tx.changed(sql, args).await?;
    Ok(if done { Changed::Done } else { Changed::Stale })
}

/// Removes a collection. What lay in it stays in its owners' libraries; what was nested in it moves to
/// where it stood. `false`: there is none.
///
/// # Errors
/// Those of the database.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: CollectionId) -> Result<bool, Error> {
    tx.execute(
        "UPDATE collection SET parent = (SELECT p.parent FROM collection p WHERE p.tenant = $1 AND p.id = $2) \
         WHERE tenant = $1 AND parent = $2",
        args![tenant, id],
    )
    .await?;
    tx.changed(
        "DELETE FROM collection WHERE tenant = $1 AND id = $2",
        args![tenant, id],
    )
    .await
}
