//! Named, scoped, expiring keys for programs; only their hashes are stored.

use domain::{ApiKeyId, Permissions, TenantId, Timestamp, UserId, Visibility};

use crate::sql::{Row, args};
use crate::users::UserState;
use crate::{Error, Tx, roles, visibility};

/// A key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: ApiKeyId,
    /// Whose it is.
    pub user: UserId,
    /// What the owner calls it.
    pub name: String,
    /// Its first characters, to tell keys apart in a list.
    pub prefix: String,
    /// What it allows at most; never more than its owner may.
    pub scopes: Permissions,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Last seen, to the minute or so.
    pub used_at: Option<Timestamp>,
}

/// A key that was presented, with what decides whether it is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presented {
    /// The key; not revoked, but perhaps past its end.
    pub key: ApiKey,
    /// Whether its owner's account may be used.
    pub user_state: UserState,
    /// The owner's role names.
    pub roles: Vec<String>,
    /// What the owner may do.
    pub permissions: Permissions,
    /// What the owner may see.
    pub visibility: Visibility,
}

fn read(row: &mut Row) -> Result<ApiKey, Error> {
    Ok(ApiKey {
        id: row.next("id")?,
        tenant: row.next("tenant")?,
        user: row.next("app_user")?,
        name: row.next("name")?,
        prefix: row.next("prefix")?,
        scopes: row.next("scopes")?,
        created_at: row.next("created_at")?,
        expires_at: row.next("expires_at")?,
        used_at: row.next("used_at")?,
    })
}

/// Adds a key under the hash of its secret.
///
/// # Errors
/// [`Error::Conflict`] when there is no such user.
pub async fn insert(tx: &mut Tx, key: &ApiKey, secret: &[u8]) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO api_key (tenant, id, app_user, name, prefix, secret, scopes, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            key.tenant,
            key.id,
            key.user,
            key.name.as_str(),
            key.prefix.as_str(),
            secret,
            key.scopes,
            key.created_at,
            key.expires_at
        ],
    )
    .await
    .map(drop)
}

/// The key with that hash, with its owner's state and permissions; revoked keys are not found.
///
/// # Errors
/// Those of the database.
pub async fn by_hash(tx: &mut Tx, secret: &[u8]) -> Result<Option<Presented>, Error> {
    let row = tx
        .row(
            "SELECT k.id, k.tenant, k.app_user, k.name, k.prefix, k.scopes, k.created_at, k.expires_at, k.used_at, \
             u.state FROM api_key k JOIN app_user u ON u.tenant = k.tenant AND u.id = k.app_user \
             WHERE k.secret = $1 AND k.revoked_at IS NULL",
            args![secret],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut row = row.of("api_key");
    let key = read(&mut row)?;
    let user_state = row.next("state")?;
    let (roles, permissions) = roles::permissions_of(tx, key.tenant, key.user).await?;
    let visibility = visibility::of_user(tx, key.tenant, key.user).await?;
    Ok(Some(Presented {
        visibility,
        key,
        user_state,
        roles,
        permissions,
    }))
}

/// The keys of a user that were not revoked, newest first; at most 200.
///
/// # Errors
/// Those of the database.
pub async fn list(tx: &mut Tx, tenant: TenantId, user: UserId) -> Result<Vec<ApiKey>, Error> {
    let rows = tx
        .rows(
            "SELECT id, tenant, app_user, name, prefix, scopes, created_at, expires_at, used_at FROM api_key \
             WHERE tenant = $1 AND app_user = $2 AND revoked_at IS NULL ORDER BY id DESC LIMIT 200",
            args![tenant, user],
        )
        .await?;
    rows.into_iter()
        .map(|row| read(&mut row.of("api_key")))
        .collect()
}

/// Ends a key of a user. Whether it was live.
///
/// # Errors
/// Those of the database.
pub async fn revoke(
    tx: &mut Tx,
    tenant: TenantId,
    user: UserId,
    id: ApiKeyId,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE api_key SET revoked_at = $4 WHERE tenant = $1 AND app_user = $2 AND id = $3 AND revoked_at IS NULL",
        args![tenant, user, id, now],
    )
    .await
}

/// Notes that a key was used.
///
/// # Errors
/// Those of the database.
pub async fn touch(
    tx: &mut Tx,
    tenant: TenantId,
    id: ApiKeyId,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE api_key SET used_at = $3 WHERE tenant = $1 AND id = $2",
        args![tenant, id, now],
    )
    .await
    .map(drop)
}
