//! Users of a tenant, their passwords' hashes and their quota.

use domain::{TenantId, Timestamp, UserId};

use crate::pattern::starting;
use crate::sql::{Row, args};
use crate::words::words;
use crate::{Error, Tx};

pub mod overview;

words! {
    /// Whether an account may be used.
    UserState {
        /// May sign in.
        Active = "active",
        /// May not; media stay.
        Disabled = "disabled",
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: UserId,
    /// E-mail address as it was written.
    pub email: String,
    /// Display name.
    pub name: Option<String>,
    /// Password hash as a PHC string; `None`: no sign-in by password.
    pub password: Option<String>,
    /// Whether it may be used.
    pub state: UserState,
    /// Bytes it may own; `None`: no limit.
    pub quota: Option<u64>,
    /// Bytes it owns, every asset counted in full.
    pub used: u64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What a new account starts with.
#[derive(Debug, Clone)]
pub struct NewUser<'a> {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: UserId,
    /// E-mail address as it was written; unique in the tenant without regard to case.
    pub email: &'a str,
    /// Display name.
    pub name: Option<&'a str>,
    /// Password hash as a PHC string.
    pub password: Option<&'a str>,
    /// Bytes it may own.
    pub quota: Option<u64>,
    /// When it is made.
    pub created_at: Timestamp,
}

/// The form under which e-mail addresses are equal.
fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Byte counts are stored signed; none comes near the limit.
pub(crate) fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

fn read(row: Row) -> Result<User, Error> {
    read_from(&mut row.of("app_user"))
}

/// The columns of [`User`], in the order in which every statement here names them.
fn read_from(row: &mut Row) -> Result<User, Error> {
    Ok(User {
        id: row.next("id")?,
        tenant: row.next("tenant")?,
        email: row.next("email")?,
        name: row.next("name")?,
        password: row.next("password")?,
        state: row.next("state")?,
        quota: row.next("quota")?,
        used: row.next("used")?,
        created_at: row.next("created_at")?,
    })
}

/// Adds an account. `false` when the tenant already has that e-mail address.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &mut Tx, user: &NewUser<'_>) -> Result<bool, Error> {
    tx.changed(
        "INSERT INTO app_user (tenant, id, email, email_key, name, password, state, quota, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'active', $7, $8, $8) ON CONFLICT (tenant, email_key) DO NOTHING",
        args![
            user.tenant,
            user.id,
            user.email.trim(),
            email_key(user.email),
            user.name,
            user.password,
            user.quota.map(signed),
            user.created_at
        ],
    )
    .await
}

/// The account with that id.
///
/// # Errors
/// Those of the database.
pub async fn by_id(tx: &mut Tx, tenant: TenantId, id: UserId) -> Result<Option<User>, Error> {
    tx.row(
        "SELECT id, tenant, email, name, password, state, quota, used, created_at FROM app_user \
         WHERE tenant = $1 AND id = $2",
        args![tenant, id],
    )
    .await?
    .map(read)
    .transpose()
}

/// The account with that e-mail address, without regard to case.
///
/// # Errors
/// Those of the database.
pub async fn by_email(tx: &mut Tx, tenant: TenantId, email: &str) -> Result<Option<User>, Error> {
    tx.row(
        "SELECT id, tenant, email, name, password, state, quota, used, created_at FROM app_user \
         WHERE tenant = $1 AND email_key = $2",
        args![tenant, email_key(email)],
    )
    .await?
    .map(read)
    .transpose()
}

/// How many accounts a tenant has.
///
/// # Errors
/// Those of the database.
pub async fn count(tx: &mut Tx, tenant: TenantId) -> Result<u64, Error> {
    let row = tx
        .row(
            "SELECT count(*) FROM app_user WHERE tenant = $1",
            args![tenant],
        )
        .await?;
    row.map_or(Ok(0), |row| row.of("app_user").next("count"))
}

/// Replaces the password hash. Whether there is such an account.
///
/// # Errors
/// Those of the database.
pub async fn set_password(
    tx: &mut Tx,
    tenant: TenantId,
    id: UserId,
    password: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE app_user SET password = $3, updated_at = $4 WHERE tenant = $1 AND id = $2",
        args![tenant, id, password, now],
    )
    .await
}

/// Enables or disables. Whether there is such an account.
///
/// # Errors
/// Those of the database.
pub async fn set_state(
    tx: &mut Tx,
    tenant: TenantId,
    id: UserId,
    state: UserState,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE app_user SET state = $3, updated_at = $4 WHERE tenant = $1 AND id = $2",
        args![tenant, id, state, now],
    )
    .await
}

/// Renames. Whether there is such an account.
///
/// # Errors
/// Those of the database.
pub async fn set_name(
    tx: &mut Tx,
    tenant: TenantId,
    id: UserId,
    name: Option<&str>,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE app_user SET name = $3, updated_at = $4 WHERE tenant = $1 AND id = $2",
        args![tenant, id, name, now],
    )
    .await
}

/// Replaces the e-mail address. `false`: somebody else of the tenant has it, or there is no such account.
///
/// # Errors
/// [`Error::Conflict`] when somebody else takes it at the same moment; those of the database.
pub async fn set_email(
    tx: &mut Tx,
    tenant: TenantId,
    id: UserId,
    email: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE app_user SET email = $3, email_key = $4, updated_at = $5 WHERE tenant = $1 AND id = $2 \
         AND NOT EXISTS (SELECT 1 FROM app_user other WHERE other.tenant = $1 AND other.email_key = $4 \
         AND other.id <> $2)",
        args![tenant, id, email.trim(), email_key(email), now],
    )
    .await
}

/// Sets how many bytes an account may own; less than it does own only keeps more from coming. Whether
/// there is such an account.
///
/// # Errors
/// Those of the database.
pub async fn set_quota(
    tx: &mut Tx,
    tenant: TenantId,
    id: UserId,
    quota: Option<u64>,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE app_user SET quota = $3, updated_at = $4 WHERE tenant = $1 AND id = $2",
        args![tenant, id, quota.map(signed), now],
    )
    .await
}

/// Removes an account that owns nothing. `false`: it owns something, or there is no such account.
///
/// # Errors
/// [`Error::Conflict`] when something still refers to it; those of the database.
pub async fn remove(tx: &mut Tx, tenant: TenantId, id: UserId) -> Result<bool, Error> {
    tx.changed(
        "DELETE FROM app_user WHERE tenant = $1 AND id = $2 \
         AND NOT EXISTS (SELECT 1 FROM asset WHERE asset.tenant = $1 AND asset.owner = $2) \
         AND NOT EXISTS (SELECT 1 FROM collection WHERE collection.tenant = $1 AND collection.owner = $2)",
        args![tenant, id],
    )
    .await
}

/// Makes all who change who may do what in a tenant come one by one, until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn queue_up(tx: &mut Tx, tenant: TenantId) -> Result<(), Error> {
    tx.row(
        "SELECT id FROM tenant WHERE id = $1 {for_update}",
        args![tenant],
    )
    .await
    .map(drop)
}

/// Counts `bytes` as owned by the user, if the quota allows. `false`: it does not, nothing changed. What
/// is reserved for uploads under way is not free.
///
/// # Errors
/// Those of the database.
pub async fn charge(tx: &mut Tx, tenant: TenantId, id: UserId, bytes: u64) -> Result<bool, Error> {
    tx.changed(
        "UPDATE app_user SET used = used + $3 \
         WHERE tenant = $1 AND id = $2 AND (quota IS NULL OR used + reserved + $3 <= quota)",
        args![tenant, id, signed(bytes)],
    )
    .await
}

/// Gives `bytes` back.
///
/// # Errors
/// Those of the database.
pub async fn refund(tx: &mut Tx, tenant: TenantId, id: UserId, bytes: u64) -> Result<(), Error> {
    tx.execute(
        "UPDATE app_user SET used = CASE WHEN used > $3 THEN used - $3 ELSE 0 END WHERE tenant = $1 AND id = $2",
        args![tenant, id, signed(bytes)],
    )
    .await
    .map(drop)
}

/// Active accounts of a tenant beside `but`, whose e-mail address or a word of whose name begins with
/// `text`, ignoring case.
///
/// # Errors
/// Those of the database.
pub async fn search(
    tx: &mut Tx,
    tenant: TenantId,
    but: UserId,
    text: &str,
    limit: u32,
) -> Result<Vec<User>, Error> {
    let key = starting(&text.to_lowercase());
    // `lower` of SQLite knows ASCII only: names are also looked for as they are usually written.
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    let written: String = first.into_iter().flatten().chain(letters).collect();
    let written = starting(&written);
    let rows = tx
        .rows(
            r"SELECT id, tenant, email, name, password, state, quota, used, created_at FROM app_user
             WHERE tenant = $1 AND id <> $2 AND state = 'active' AND (email_key LIKE $3 ESCAPE '\'
                OR lower(name) LIKE $3 ESCAPE '\' OR lower(name) LIKE $4 ESCAPE '\'
                OR name LIKE $5 ESCAPE '\' OR name LIKE $6 ESCAPE '\')
             ORDER BY id LIMIT $7",
            args![
                tenant,
                but,
                key.as_str(),
                format!("% {key}"),
                written.as_str(),
                format!("% {written}"),
                limit
            ],
        )
        .await?;
    rows.into_iter().map(read).collect()
}
