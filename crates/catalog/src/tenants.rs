//! Tenants: isolated customers. The default one exists from the first start.

use domain::{TenantId, Timestamp};

use crate::sql::args;
use crate::{Error, Tx};

/// Makes the default tenant if it is not there.
///
/// # Errors
/// Those of the database.
pub async fn ensure_default(tx: &mut Tx, now: Timestamp) -> Result<TenantId, Error> {
    insert(tx, TenantId::DEFAULT, "default", now).await?;
    Ok(TenantId::DEFAULT)
}

/// Adds a tenant. `false`: there is one with that id.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &mut Tx, id: TenantId, name: &str, now: Timestamp) -> Result<bool, Error> {
    tx.changed(
        "INSERT INTO tenant (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
        args![id, name, now],
    )
    .await
}

/// All of them.
///
/// # Errors
/// Those of the database.
pub async fn all(tx: &mut Tx) -> Result<Vec<TenantId>, Error> {
    let rows = tx
        .rows("SELECT id FROM tenant ORDER BY id", args![])
        .await?;
    rows.into_iter()
        .map(|row| row.of("tenant").next("id"))
        .collect()
}
