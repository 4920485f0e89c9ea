//! Invitations: each an open door for one new account, stored without the secret that opens it.

use domain::{InvitationId, Page, TenantId, Timestamp, UserId, one_more};

use crate::sql::{Row, args};
use crate::users::signed;
use crate::{Error, Tx};

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: InvitationId,
    /// Whom it is for; `None`: whoever has the link.
    pub email: Option<String>,
    /// Roles of the account that will be made.
    pub roles: Vec<String>,
    /// Bytes that account may own; `None`: no limit.
    pub quota: Option<u64>,
    /// Who invited.
    pub invited_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// The account that was made.
    pub accepted_by: Option<UserId>,
    /// When it was withdrawn.
    pub revoked_at: Option<Timestamp>,
}

/// What [`read`] reads.
macro_rules! columns {
    () => {
        "id, tenant, email, roles, quota, invited_by, created_at, expires_at, accepted_at, accepted_by, revoked_at"
    };
}

fn read(row: Row) -> Result<Invitation, Error> {
    let mut row = row.of("invitation");
    Ok(Invitation {
        id: row.next("id")?,
        tenant: row.next("tenant")?,
        email: row.next("email")?,
        roles: row
            .next::<String>("roles")?
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        quota: row.next("quota")?,
        invited_by: row.next("invited_by")?,
        created_at: row.next("created_at")?,
        expires_at: row.next("expires_at")?,
        accepted_at: row.next("accepted_at")?,
        accepted_by: row.next("accepted_by")?,
        revoked_at: row.next("revoked_at")?,
    })
}

/// Adds an invitation under the hash of its secret.
///
/// # Errors
/// Those of the database.
pub async fn insert(tx: &mut Tx, new: &Invitation, secret: &[u8; 32]) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO invitation (tenant, id, email, roles, quota, secret, invited_by, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            new.tenant,
            new.id,
            new.email.as_deref(),
            new.roles.join(" "),
            new.quota.map(signed),
            secret.as_slice(),
            new.invited_by,
            new.created_at,
            new.expires_at
        ],
    )
    .await
    .map(drop)
}

/// The open invitation with that secret, whoever's tenant it is in.
///
/// # Errors
/// Those of the database.
pub async fn open(
    tx: &mut Tx,
    secret: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Invitation>, Error> {
    tx.row(
        concat!(
            "SELECT ",
            columns!(),
            " FROM invitation WHERE secret = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2"
        ),
        args![secret.as_slice(), now],
    )
    .await?
    .map(read)
    .transpose()
}

/// Spends an open invitation for the account `user`; of several who try at once one gets it.
///
/// # Errors
/// Those of the database.
pub async fn accept(
    tx: &mut Tx,
    secret: &[u8; 32],
    user: UserId,
    now: Timestamp,
) -> Result<Option<Invitation>, Error> {
    tx.row(
        concat!(
            "UPDATE invitation SET accepted_at = $2, accepted_by = $3 \
             WHERE secret = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2 RETURNING ",
            columns!()
        ),
        args![secret.as_slice(), now, user],
    )
    .await?
    .map(read)
    .transpose()
}

/// Withdraws an open invitation. Whether there was one.
///
/// # Errors
/// Those of the database.
pub async fn revoke(
    tx: &mut Tx,
    tenant: TenantId,
    id: InvitationId,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE invitation SET revoked_at = $3 \
         WHERE tenant = $1 AND id = $2 AND accepted_at IS NULL AND revoked_at IS NULL",
        args![tenant, id, now],
    )
    .await
}

/// A tenant's invitations that were not withdrawn, newest first, before the one `before`.
///
/// # Errors
/// Those of the database.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    before: Option<InvitationId>,
    limit: u32,
) -> Result<Page<Invitation, InvitationId>, Error> {
    let before = before.unwrap_or(InvitationId::from_uuid(uuid::Uuid::max()));
    let rows = tx
        .rows(
            concat!(
                "SELECT ",
                columns!(),
                " FROM invitation WHERE tenant = $1 AND id < $2 AND revoked_at IS NULL ORDER BY id DESC LIMIT $3"
            ),
            args![tenant, before, one_more(limit)],
        )
        .await?;
    let found = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(Page::cut(found, limit, |invitation| invitation.id))
}

/// How many invitations of a tenant are open.
///
/// # Errors
/// Those of the database.
pub async fn count_open(tx: &mut Tx, tenant: TenantId, now: Timestamp) -> Result<u64, Error> {
    let row = tx
        .row(
            "SELECT count(*) FROM invitation WHERE tenant = $1 AND accepted_at IS NULL \
             AND revoked_at IS NULL AND expires_at > $2",
            args![tenant, now],
        )
        .await?;
    row.map_or(Ok(0), |row| row.of("invitation").next("count"))
}

/// Removes the invitations somebody made: for when that account goes. The audit log keeps their story.
///
/// # Errors
/// Those of the database.
pub async fn remove_of(tx: &mut Tx, tenant: TenantId, user: UserId) -> Result<u64, Error> {
    tx.execute(
        "DELETE FROM invitation WHERE tenant = $1 AND invited_by = $2",
        args![tenant, user],
    )
    .await
}
