//! Signed-in browsers and clients. A session's secret is rotated; the one before is remembered, so
//! that its reuse betrays a stolen copy.

use domain::{SessionId, TenantId, Timestamp, UserId};

use crate::sql::{Row, args};
use crate::words::words;
use crate::{Error, Tx};

words! {
    /// How the session's secret travels.
    SessionKind {
        /// In a browser's cookie.
        Cookie = "cookie",
        /// As a refresh token.
        Token = "token",
    }
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// How its secret travels.
    pub kind: SessionKind,
    /// Hash of the current secret.
    pub secret: Vec<u8>,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
    /// The client's address at sign-in.
    pub address: Option<String>,
    /// Sign-in.
    pub created_at: Timestamp,
    /// Last seen, to the minute or so.
    pub used_at: Timestamp,
    /// End, unless used before.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub revoked_at: Option<Timestamp>,
}

impl Session {
    /// Whether it can be used.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// What came of a rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// The new secret holds from now on.
    Rotated(Session),
    /// The old secret was rotated away before: somebody has a copy. End the session.
    Reused(Session),
    /// No live session has that secret.
    Gone,
}

fn read(row: Row) -> Result<Session, Error> {
    let mut row = row.of("session");
    Ok(Session {
        id: row.next("id")?,
        tenant: row.next("tenant")?,
        user: row.next("app_user")?,
        kind: row.next("kind")?,
        secret: row.next("secret")?,
        user_agent: row.next("user_agent")?,
        address: row.next("address")?,
        created_at: row.next("created_at")?,
        used_at: row.next("used_at")?,
        expires_at: row.next("expires_at")?,
        revoked_at: row.next("revoked_at")?,
    })
}

/// Adds a session.
///
/// # Errors
/// [`Error::Conflict`] when there is no such user.
pub async fn insert(tx: &mut Tx, session: &Session) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO session (tenant, id, app_user, kind, secret, user_agent, address, created_at, used_at, \
         expires_at, revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            session.tenant,
            session.id,
            session.user,
            session.kind,
            session.secret.as_slice(),
            session.user_agent.as_deref(),
            session.address.as_deref(),
            session.created_at,
            session.used_at,
            session.expires_at,
            session.revoked_at
        ],
    )
    .await
    .map(drop)
}

/// The session with that id, live or not. Its tenant is not known before, so the id alone decides.
///
/// # Errors
/// Those of the database.
pub async fn by_id(tx: &mut Tx, id: SessionId) -> Result<Option<Session>, Error> {
    tx.row(
        "SELECT id, tenant, app_user, kind, secret, user_agent, address, created_at, used_at, expires_at, revoked_at \
         FROM session WHERE id = $1",
        args![id],
    )
    .await?
    .map(read)
    .transpose()
}

/// Replaces the secret of a live session in one conditional update, so that of two clients with the
/// same secret only one goes on.
///
/// # Errors
/// Those of the database.
pub async fn rotate(
    tx: &mut Tx,
    id: SessionId,
    old: &[u8],
    new: &[u8],
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<Rotation, Error> {
    let rotated = tx
        .row(
            "UPDATE session SET previous = secret, secret = $3, used_at = $4, expires_at = $5 \
             WHERE id = $1 AND secret = $2 AND revoked_at IS NULL AND expires_at > $4 \
             RETURNING id, tenant, app_user, kind, secret, user_agent, address, created_at, used_at, expires_at, \
             revoked_at",
            args![id, old, new, now, expires_at],
        )
        .await?;
    if let Some(row) = rotated {
        return Ok(Rotation::Rotated(read(row)?));
    }
    let reused = tx
        .row(
            "SELECT id, tenant, app_user, kind, secret, user_agent, address, created_at, used_at, expires_at, revoked_at \
             FROM session WHERE id = $1 AND previous = $2",
            args![id, old],
        )
        .await?;
    Ok(match reused {
        Some(row) => Rotation::Reused(read(row)?),
        None => Rotation::Gone,
    })
}

/// Ends a session. Whether it was live.
///
/// # Errors
/// Those of the database.
pub async fn revoke(
    tx: &mut Tx,
    tenant: TenantId,
    id: SessionId,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE session SET revoked_at = $3 WHERE tenant = $1 AND id = $2 AND revoked_at IS NULL",
        args![tenant, id, now],
    )
    .await
}

/// Ends all sessions of a user, except one. How many were live.
///
/// # Errors
/// Those of the database.
pub async fn revoke_all(
    tx: &mut Tx,
    tenant: TenantId,
    user: UserId,
    except: Option<SessionId>,
    now: Timestamp,
) -> Result<u64, Error> {
    let except = except.unwrap_or(SessionId::from_uuid(uuid::Uuid::nil()));
    tx.execute(
        "UPDATE session SET revoked_at = $4 WHERE tenant = $1 AND app_user = $2 AND id <> $3 AND revoked_at IS NULL",
        args![tenant, user, except, now],
    )
    .await
}

/// The live sessions of a user, newest first; at most 200.
///
/// # Errors
/// Those of the database.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    user: UserId,
    now: Timestamp,
) -> Result<Vec<Session>, Error> {
    let rows = tx
        .rows(
            "SELECT id, tenant, app_user, kind, secret, user_agent, address, created_at, used_at, expires_at, revoked_at \
             FROM session WHERE tenant = $1 AND app_user = $2 AND revoked_at IS NULL AND expires_at > $3 \
             ORDER BY id DESC LIMIT 200",
            args![tenant, user, now],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Notes that a session was used and moves its end. Never moves anything back.
///
/// # Errors
/// Those of the database.
pub async fn touch(
    tx: &mut Tx,
    tenant: TenantId,
    id: SessionId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE session SET used_at = $3, expires_at = $4 \
         WHERE tenant = $1 AND id = $2 AND revoked_at IS NULL AND used_at <= $3 AND expires_at <= $4",
        args![tenant, id, now, expires_at],
    )
    .await
    .map(drop)
}

/// Deletes sessions that ended before `before`. How many.
///
/// # Errors
/// Those of the database.
pub async fn prune(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.execute(
        "DELETE FROM session WHERE expires_at < $1 OR revoked_at < $1",
        args![before],
    )
    .await
}
