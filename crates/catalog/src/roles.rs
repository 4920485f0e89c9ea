//! Roles: named, editable sets of permissions, and who holds which.

use domain::{Permission, Permissions, Role, TenantId, UserId};

use crate::sql::{Row, args};
use crate::{Error, Tx};

/// A role as whoever defines roles sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defined {
    /// Its name.
    pub name: String,
    /// What it allows.
    pub permissions: Permissions,
    /// The program came with it: it can be changed but not removed.
    pub built_in: bool,
    /// How many accounts hold it.
    pub holders: u64,
}

fn read(row: Row) -> Result<Defined, Error> {
    let mut row = row.of("role");
    Ok(Defined {
        name: row.next("name")?,
        permissions: row.next("permissions")?,
        built_in: row.next("built_in")?,
        holders: row.next("holders")?,
    })
}

/// A tenant's roles by name; at most 500.
///
/// # Errors
/// Those of the database.
pub async fn list(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Defined>, Error> {
    let rows = tx
        .rows(
            "SELECT name, permissions, built_in, (SELECT count(*) FROM user_role h \
             WHERE h.tenant = role.tenant AND h.role = role.name) FROM role WHERE tenant = $1 ORDER BY name LIMIT 500",
            args![tenant],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// The role of that name.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, tenant: TenantId, name: &str) -> Result<Option<Defined>, Error> {
    tx.row(
        "SELECT name, permissions, built_in, (SELECT count(*) FROM user_role h \
         WHERE h.tenant = role.tenant AND h.role = role.name) FROM role WHERE tenant = $1 AND name = $2",
        args![tenant, name],
    )
    .await?
    .map(read)
    .transpose()
}

/// Defines a role. `false`: there is one of that name.
///
/// # Errors
/// Those of the database.
pub async fn define(
    tx: &mut Tx,
    tenant: TenantId,
    name: &str,
    permissions: Permissions,
) -> Result<bool, Error> {
    tx.changed(
        "INSERT INTO role (tenant, name, permissions, built_in) VALUES ($1, $2, $3, FALSE) \
         ON CONFLICT (tenant, name) DO NOTHING",
        args![tenant, name, permissions],
    )
    .await
}

/// Changes what a role allows. Whether there is such a role.
///
/// # Errors
/// Those of the database.
pub async fn redefine(
    tx: &mut Tx,
    tenant: TenantId,
    name: &str,
    permissions: Permissions,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE role SET permissions = $3 WHERE tenant = $1 AND name = $2",
        args![tenant, name, permissions],
    )
    .await
}

/// Removes a role that nobody holds and that the program did not come with. Whether it was removed.
///
/// # Errors
/// [`Error::Conflict`] when somebody is given it at the same moment; those of the database.
pub async fn remove(tx: &mut Tx, tenant: TenantId, name: &str) -> Result<bool, Error> {
    tx.changed(
        "DELETE FROM role WHERE tenant = $1 AND name = $2 AND NOT built_in \
         AND NOT EXISTS (SELECT 1 FROM user_role h WHERE h.tenant = $1 AND h.role = $2)",
        args![tenant, name],
    )
    .await
}

/// What the accounts of a tenant that may be used can do together.
///
/// # Errors
/// Those of the database.
pub async fn in_use(tx: &mut Tx, tenant: TenantId) -> Result<Permissions, Error> {
    let rows = tx
        .rows(
            "SELECT DISTINCT role.name, role.permissions FROM app_user u \
             JOIN user_role h ON h.tenant = u.tenant AND h.app_user = u.id \
             JOIN role ON role.tenant = h.tenant AND role.name = h.role \
             WHERE u.tenant = $1 AND u.state = 'active'",
            args![tenant],
        )
        .await?;
    let mut together = Permissions::NONE;
    for row in rows {
        let mut row = row.of("role");
        row.next::<String>("name")?;
        together = together.union(row.next("permissions")?);
    }
    Ok(together)
}

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

/// Active accounts of all tenants that hold a role with this permission.
///
/// # Errors
/// Those of the database.
pub async fn holders(
    tx: &mut Tx,
    permission: Permission,
) -> Result<Vec<(TenantId, UserId)>, Error> {
    let rows = tx
        .rows(
            "SELECT u.tenant, u.id, r.permissions FROM app_user u \
             JOIN user_role h ON h.tenant = u.tenant AND h.app_user = u.id \
             JOIN role r ON r.tenant = h.tenant AND r.name = h.role \
             WHERE u.state = 'active' ORDER BY u.tenant, u.id",
            args![],
        )
        .await?;
    let mut holders = Vec::new();
    for row in rows {
        let mut row = row.of("app_user");
        let holder = (row.next("tenant")?, row.next("id")?);
        let permissions: Permissions = row.next("permissions")?;
        if permissions.has(permission) && holders.last() != Some(&holder) {
            holders.push(holder);
        }
    }
    Ok(holders)
}
