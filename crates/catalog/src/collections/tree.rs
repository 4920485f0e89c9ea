//! How collections are nested, who is concerned by a change of that, and the lock under which it
//! changes.

use domain::{CollectionId, TenantId, UserId};

use crate::sql::args;
use crate::{Error, Tx};

/// Most collections looked at in one tree.
const MAX_TREE: u32 = 10_000;

/// Takes an owner's lock: until the transaction ends nobody else changes how the owner's collections
/// are nested, to whom they are open, or what is lent to them. `false`: there is no such user.
///
/// # Errors
/// Those of the database.
pub async fn lock(tx: &mut Tx, tenant: TenantId, owner: UserId) -> Result<bool, Error> {
    let row = tx
        .row(
            "SELECT id FROM app_user WHERE tenant = $1 AND id = $2 {for_change}",
            args![tenant, owner],
        )
        .await?;
    Ok(row.is_some())
}

/// The collection and everything it is nested in, in no order.
///
/// # Errors
/// Those of the database.
pub async fn ancestors(
    tx: &mut Tx,
    tenant: TenantId,
    id: CollectionId,
) -> Result<Vec<CollectionId>, Error> {
    let rows = tx
        .rows(
            "WITH RECURSIVE up (id, parent) AS ( \
                SELECT id, parent FROM collection WHERE tenant = $1 AND id = $2 \
                UNION SELECT c.id, c.parent FROM up JOIN collection c ON c.tenant = $1 AND c.id = up.parent) \
             SELECT id FROM up LIMIT $3",
            args![tenant, id, MAX_TREE],
        )
        .await?;
    rows.into_iter()
        .map(|row| row.of("collection").next("id"))
        .collect()
}

/// How many steps collections go down below this one; 0 when nothing is nested in it.
///
/// # Errors
/// Those of the database.
pub async fn depth_below(tx: &mut Tx, tenant: TenantId, id: CollectionId) -> Result<u32, Error> {
    let row = tx
        .row(
            "WITH RECURSIVE down (id, depth) AS ( \
                SELECT id, 0 FROM collection WHERE tenant = $1 AND id = $2 \
                UNION SELECT c.id, down.depth + 1 FROM down \
                    JOIN collection c ON c.tenant = $1 AND c.parent = down.id WHERE down.depth < 100) \
             SELECT CAST(COALESCE(max(depth), 0) AS {int}) FROM down",
            args![tenant, id],
        )
        .await?;
    row.map_or(Ok(0), |row| row.of("collection").next("depth"))
}

/// Everybody beside the owner who may see something other than before when this collection changes
/// its place or its grants: whoever has a grant on it, above it or below it.
///
/// # Errors
/// Those of the database.
pub async fn audience(
    tx: &mut Tx,
    tenant: TenantId,
    id: CollectionId,
) -> Result<Vec<UserId>, Error> {
    let rows = tx
        .rows(
            "WITH RECURSIVE up (id, parent) AS ( \
                SELECT id, parent FROM collection WHERE tenant = $1 AND id = $2 \
                UNION SELECT c.id, c.parent FROM up JOIN collection c ON c.tenant = $1 AND c.id = up.parent), \
             down (id) AS ( \
                SELECT id FROM collection WHERE tenant = $1 AND id = $2 \
                UNION SELECT c.id FROM down JOIN collection c ON c.tenant = $1 AND c.parent = down.id) \
             SELECT DISTINCT app_user FROM collection_grant WHERE tenant = $1 \
             AND (collection IN (SELECT id FROM up) OR collection IN (SELECT id FROM down)) \
             ORDER BY app_user LIMIT $3",
            args![tenant, id, MAX_TREE],
        )
        .await?;
    rows.into_iter()
        .map(|row| row.of("collection_grant").next("app_user"))
        .collect()
}
