//! The audit log: who did what to what. Rows are written in the transaction of the deed and never
//! changed.

use domain::{RequestId, TenantId, Timestamp, UserId};
use serde_json::Value;
use uuid::Uuid;

use crate::sql::args;
use crate::{Error, Tx};

/// One deed.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// In which tenant.
    pub tenant: TenantId,
    /// UUIDv7: sorts by time.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Who; `None`: the program itself, or somebody not signed in.
    pub actor: Option<UserId>,
    /// What: `asset.deleted`, `session.started`.
    pub action: String,
    /// To what: the id of an asset, user, key.
    pub subject: Option<Uuid>,
    /// More, as a JSON object.
    pub detail: Value,
    /// The client's address.
    pub address: Option<String>,
    /// The request.
    pub request: Option<RequestId>,
}

/// Adds an entry.
///
/// # Errors
/// Those of the database.
pub async fn append(tx: &mut Tx, entry: &Entry) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO audit (tenant, id, happened_at, actor, action, subject, detail, address, request) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            entry.tenant,
            entry.id,
            entry.at,
            entry.actor,
            entry.action.as_str(),
            entry.subject,
            &entry.detail,
            entry.address.as_deref(),
            entry.request.map(RequestId::uuid)
        ],
    )
    .await
    .map(drop)
}

/// A tenant's entries, newest first, before the entry `before`.
///
/// # Errors
/// Those of the database.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    before: Option<Uuid>,
    limit: u32,
) -> Result<Vec<Entry>, Error> {
    let rows = tx
        .rows(
            "SELECT id, tenant, happened_at, actor, action, subject, detail, address, request FROM audit \
             WHERE tenant = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            args![tenant, before.unwrap_or(Uuid::max()), limit],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("audit");
            Ok(Entry {
                id: row.next("id")?,
                tenant: row.next("tenant")?,
                at: row.next("happened_at")?,
                actor: row.next("actor")?,
                action: row.next("action")?,
                subject: row.next("subject")?,
                detail: row.next("detail")?,
                address: row.next("address")?,
                request: row
                    .next::<Option<Uuid>>("request")?
                    .map(RequestId::from_uuid),
            })
        })
        .collect()
}
