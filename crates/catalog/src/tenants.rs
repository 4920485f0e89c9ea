//! Tenants: isolated customers. The default one exists from the first start.

use domain::{TenantId, Timestamp};

use crate::sql::args;
use crate::{Error, Tx};

/// Makes the default tenant if it is not there.
///
/// # Errors
/// Those of the database.
pub async fn ensure_default(tx: &mut Tx, now: Timestamp) -> Result<TenantId, Error> {
    tx.execute(
        "INSERT INTO tenant (id, name, created_at) VALUES ($1, 'default', $2) ON CONFLICT (id) DO NOTHING",
        args![TenantId::DEFAULT, now],
    )
    .await?;
    Ok(TenantId::DEFAULT)
}
