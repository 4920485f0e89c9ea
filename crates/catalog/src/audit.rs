//! The audit log: who did what to what. Rows are written in the transaction of the deed; what they say
//! never changes. Later a keeper gives each its place in the [`chain`].

pub mod chain;

use domain::{Page, RequestId, TenantId, Timestamp, UserId, one_more};
use serde_json::Value;
use uuid::Uuid;

use crate::pattern::starting;
use crate::sql::{Builder, Row, args};
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

/// Which entries; what is `None` does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Done by this account.
    pub actor: Option<UserId>,
    /// This action; with a `.` at the end all that begin with it (`asset.`).
    pub action: Option<String>,
    /// Done to this.
    pub subject: Option<Uuid>,
    /// At this moment or later.
    pub after: Option<Timestamp>,
    /// Before this moment.
    pub before: Option<Timestamp>,
}

/// An entry with who did it, as the account is called now.
#[derive(Debug, Clone, PartialEq)]
pub struct Logged {
    /// The entry.
    pub entry: Entry,
    /// E-mail address of the actor; `None`: nobody, or the account is gone.
    pub actor_email: Option<String>,
    /// Display name of the actor.
    pub actor_name: Option<String>,
    /// Its place in the chain and the hash up to it; `None`: not sealed yet.
    pub sealed: Option<(i64, Vec<u8>)>,
}

/// A tenant's entries that `filter` lets through, newest first, before the entry `before`.
///
/// # Errors
/// Those of the database.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    filter: &Filter,
    before: Option<Uuid>,
    limit: u32,
) -> Result<Page<Logged, Uuid>, Error> {
    let mut sql = Builder::new(
        "SELECT a.id, a.tenant, a.happened_at, a.actor, a.action, a.subject, a.detail, a.address, a.request, \
         u.email, u.name, a.place, a.hash FROM audit a LEFT JOIN app_user u ON u.tenant = a.tenant AND u.id = a.actor \
         WHERE a.tenant = ",
    );
    sql.bind(tenant).push(" AND a.id < ");
    sql.bind(before.unwrap_or(Uuid::max()));
    narrow(&mut sql, filter);
    sql.push(" ORDER BY a.id DESC LIMIT ").bind(one_more(limit));
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    let found = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(Page::cut(found, limit, |logged| logged.entry.id))
}

fn narrow(sql: &mut Builder, filter: &Filter) {
    if let Some(actor) = filter.actor {
        sql.push(" AND a.actor = ").bind(actor);
    }
    match filter.action.as_deref() {
        Some(action) if action.ends_with('.') => {
            sql.push(" AND a.action LIKE ").bind(starting(action));
            sql.push(r" ESCAPE '\'");
        }
        Some(action) => {
            sql.push(" AND a.action = ").bind(action);
        }
        None => {}
    }
    if let Some(subject) = filter.subject {
        sql.push(" AND a.subject = ").bind(subject);
    }
    if let Some(after) = filter.after {
        sql.push(" AND a.happened_at >= ").bind(after);
    }
    if let Some(before) = filter.before {
        sql.push(" AND a.happened_at < ").bind(before);
    }
}

fn read(row: Row) -> Result<Logged, Error> {
    let mut row = row.of("audit");
    let entry = Entry {
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
    };
    let (actor_email, actor_name) = (row.next("email")?, row.next("name")?);
    let place: Option<i64> = row.next("place")?;
    let hash: Option<Vec<u8>> = row.next("hash")?;
    Ok(Logged {
        entry,
        actor_email,
        actor_name,
        sealed: place.zip(hash),
    })
}
