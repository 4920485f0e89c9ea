//! Roles: named, editable sets of permissions, and who holds which.

use domain::{Permissions, Role, TenantId, UserId};

use crate::sql::args;
use crate::{Error, Tx};

/// Gives a tenant the built-in roles it does not have yet. What it edited stays.
///
/// # Errors
/// Those of the database.
pub async fn seed(tx: &mut Tx, tenant: TenantId) -> Result<(), Error> {
    for role in Role::ALL {
        tx.execute(
            "INSERT INTO role (tenant, name, permissions, built_in) VALUES ($1, $2, $3, TRUE) \
             ON CONFLICT (tenant, name) DO NOTHING",
            args![tenant, role.as_str(), role.permissions()],
        )
        .await?;
    }
    Ok(())
}

/// Gives a user a role of the tenant; having it already is fine.
///
/// # Errors
/// [`Error::Conflict`] when there is no such user or role.
pub async fn assign(tx: &mut Tx, tenant: TenantId, user: UserId, role: &str) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO user_role (tenant, app_user, role) VALUES ($1, $2, $3) \
         ON CONFLICT (tenant, app_user, role) DO NOTHING",
        args![tenant, user, role],
    )
    .await
    .map(drop)
}

/// Takes a role from a user. Whether the user had it.
///
/// # Errors
/// Those of the database.
pub async fn unassign(
    tx: &mut Tx,
    tenant: TenantId,
    user: UserId,
    role: &str,
) -> Result<bool, Error> {
    tx.changed(
        "DELETE FROM user_role WHERE tenant = $1 AND app_user = $2 AND role = $3",
        args![tenant, user, role],
    )
    .await
}

/// A user's role names, sorted, and what they allow together.
///
/// # Errors
/// Those of the database.
pub async fn permissions_of(
    tx: &mut Tx,
    tenant: TenantId,
    user: UserId,
) -> Result<(Vec<String>, Permissions), Error> {
    let rows = tx
        .rows(
            "SELECT role.name, role.permissions FROM user_role \
             JOIN role ON role.tenant = user_role.tenant AND role.name = user_role.role \
             WHERE user_role.tenant = $1 AND user_role.app_user = $2",
            args![tenant, user],
        )
        .await?;
    let mut names = Vec::with_capacity(rows.len());
    let mut permissions = Permissions::NONE;
    for row in rows {
        let mut row = row.of("role");
        names.push(row.next("name")?);
        permissions = permissions.union(row.next("permissions")?);
    }
    names.sort_unstable();
    Ok((names, permissions))
}
