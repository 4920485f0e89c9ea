//! Who followed a link, when, to what. Bounded: the oldest go first.

use domain::{AssetId, Page, ShareId, TenantId, Timestamp, one_more};
use uuid::Uuid;

use crate::sql::{Row, args};
use crate::words::words;
use crate::{Error, Tx};

/// Most visits kept of one link.
const MAX_KEPT: i64 = 10_000;

words! {
    /// What a visitor did.
    VisitAction {
        /// Opened the link.
        Opened = "opened",
        /// Gave a wrong password.
        Refused = "refused",
        /// Took an original, or all of them.
        Downloaded = "downloaded",
    }
}

/// One visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// In which tenant.
    pub tenant: TenantId,
    /// To which link.
    pub share: ShareId,
    /// UUIDv7: sorts by time.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub action: VisitAction,
    /// To which asset; `None`: the link as a whole.
    pub asset: Option<AssetId>,
    /// The visitor's address.
    pub address: Option<String>,
    /// What the visitor's program calls itself.
    pub agent: Option<String>,
}

/// Notes a visit, and forgets the oldest beyond the bound.
///
/// # Errors
/// [`Error::Conflict`] when there is no such link.
pub async fn log(tx: &mut Tx, visit: &Visit) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO share_visit (tenant, share, id, happened_at, action, asset, address, user_agent) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            visit.tenant,
            visit.share,
            visit.id,
            visit.at,
            visit.action,
            visit.asset,
            visit.address.as_deref(),
            visit.agent.as_deref()
        ],
    )
    .await?;
    tx.execute(
        "DELETE FROM share_visit WHERE tenant = $1 AND share = $2 AND id IN ( \
            SELECT id FROM share_visit WHERE tenant = $1 AND share = $2 ORDER BY id \
            LIMIT (SELECT CASE WHEN count(*) > $3 THEN count(*) - $3 ELSE 0 END \
                FROM share_visit WHERE tenant = $1 AND share = $2))",
        args![visit.tenant, visit.share, MAX_KEPT],
    )
    .await
    .map(drop)
}

/// The visits to a link, newest first, before the visit `before`.
///
/// # Errors
/// Those of the database.
pub async fn visits(
    tx: &mut Tx,
    tenant: TenantId,
    share: ShareId,
    before: Option<Uuid>,
    limit: u32,
) -> Result<Page<Visit, Uuid>, Error> {
    let rows = tx
        .rows(
            "SELECT id, tenant, share, happened_at, action, asset, address, user_agent FROM share_visit \
             WHERE tenant = $1 AND share = $2 AND id < $3 ORDER BY id DESC LIMIT $4",
            args![tenant, share, before.unwrap_or(Uuid::max()), one_more(limit)],
        )
        .await?;
    let found = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(Page::cut(found, limit, |visit| visit.id))
}

fn read(row: Row) -> Result<Visit, Error> {
    let mut row = row.of("share_visit");
    Ok(Visit {
        id: row.next("id")?,
        tenant: row.next("tenant")?,
        share: row.next("share")?,
        at: row.next("happened_at")?,
        action: row.next("action")?,
        asset: row.next("asset")?,
        address: row.next("address")?,
        agent: row.next("user_agent")?,
    })
}
