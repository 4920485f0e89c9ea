//! Messages to one user: something was opened to them, something came into what they share. They keep
//! names as they were, so that they still read when what they are about is gone.

use domain::{NotificationId, Page, TenantId, Timestamp, UserId, one_more};
use serde_json::Value;
use uuid::Uuid;

use crate::sql::{Builder, Row, args};
use crate::{Error, Tx};

/// Most messages kept for one user; the oldest go first.
const MAX_KEPT: u32 = 500;

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub struct Notification {
    /// In which tenant.
    pub tenant: TenantId,
    /// UUIDv7: sorts by time.
    pub id: NotificationId,
    /// To whom.
    pub user: UserId,
    /// A stable word such as `collection.shared`.
    pub kind: String,
    /// What it is about: a collection, an asset.
    pub subject: Option<Uuid>,
    /// Names as they were: a JSON object.
    pub detail: Value,
    /// When.
    pub created_at: Timestamp,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

/// Adds a message and drops the user's oldest beyond the bound.
///
/// # Errors
/// [`Error::Conflict`] when there is no such user.
pub async fn insert(tx: &mut Tx, message: &Notification) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO notification (tenant, id, app_user, kind, subject, detail, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            message.tenant,
            message.id,
            message.user,
            message.kind.as_str(),
            message.subject,
            &message.detail,
            message.created_at
        ],
    )
    .await?;
    tx.execute(
        "DELETE FROM notification WHERE tenant = $1 AND app_user = $2 AND id NOT IN ( \
            SELECT id FROM notification WHERE tenant = $1 AND app_user = $2 ORDER BY id DESC LIMIT $3)",
        args![message.tenant, message.user, MAX_KEPT],
    )
    .await
    .map(drop)
}

/// A user's messages, newest first, before the message `before`.
///
/// # Errors
/// Those of the database.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    user: UserId,
    unread: bool,
    before: Option<NotificationId>,
    limit: u32,
) -> Result<Page<Notification, NotificationId>, Error> {
    let mut sql = Builder::new(
        "SELECT id, tenant, app_user, kind, subject, detail, created_at, read_at FROM notification WHERE tenant = ",
    );
    sql.bind(tenant).push(" AND app_user = ").bind(user);
    if unread {
        sql.push(" AND read_at IS NULL");
    }
    if let Some(before) = before {
        sql.push(" AND id < ").bind(before);
    }
    sql.push(" ORDER BY id DESC LIMIT ").bind(one_more(limit));
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    let found = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(Page::cut(found, limit, |message| message.id))
}

fn read(row: Row) -> Result<Notification, Error> {
    let mut row = row.of("notification");
    Ok(Notification {
        id: row.next("id")?,
        tenant: row.next("tenant")?,
        user: row.next("app_user")?,
        kind: row.next("kind")?,
        subject: row.next("subject")?,
        detail: row.next("detail")?,
        created_at: row.next("created_at")?,
        read_at: row.next("read_at")?,
    })
}

/// How many messages a user has not read.
///
/// # Errors
/// Those of the database.
pub async fn unread(tx: &mut Tx, tenant: TenantId, user: UserId) -> Result<u64, Error> {
    let row = tx
        .row(
            "SELECT count(*) FROM notification WHERE tenant = $1 AND app_user = $2 AND read_at IS NULL",
            args![tenant, user],
        )
        .await?;
    row.map_or(Ok(0), |row| row.of("notification").next("count"))
}

/// Marks a user's messages as read: these, or with `None` all.
///
/// # Errors
/// Those of the database.
pub async fn mark_read(
    tx: &mut Tx,
    tenant: TenantId,
    user: UserId,
    which: Option<&[NotificationId]>,
    now: Timestamp,
) -> Result<u64, Error> {
    let mut sql = Builder::new("UPDATE notification SET read_at = ");
    sql.bind(now).push(" WHERE tenant = ").bind(tenant);
    sql.push(" AND app_user = ").bind(user);
    sql.push(" AND read_at IS NULL");
    if let Some(ids) = which {
        sql.push(" AND id");
        sql.is_one_of(ids.iter().copied());
    }
    let (sql, args) = sql.finish();
    tx.execute(sql, args).await
}
