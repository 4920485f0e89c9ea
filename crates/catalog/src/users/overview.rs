//! Accounts as whoever manages them sees them: with what they hold and when they were last here.

use domain::{Page, TenantId, Timestamp, UserId, one_more};

use super::User;
use crate::pattern::containing;
use crate::sql::{Builder, Row};
use crate::{Error, Tx};

/// An account, and what is known of its use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The account.
    pub user: User,
    /// Last use of a session or key that is still remembered.
    pub seen_at: Option<Timestamp>,
    /// Assets it owns, those in the trash included.
    pub assets: u64,
}

const SELECT: &str = "SELECT u.id, u.tenant, u.email, u.name, u.password, u.state, u.quota, u.used, u.created_at, \
    (SELECT max(s.used_at) FROM session s WHERE s.tenant = u.tenant AND s.app_user = u.id), \
    (SELECT max(k.used_at) FROM api_key k WHERE k.tenant = u.tenant AND k.app_user = u.id), \
    (SELECT count(*) FROM asset a WHERE a.tenant = u.tenant AND a.owner = u.id) \
    FROM app_user u WHERE u.tenant = ";

fn read(row: Row) -> Result<Overview, Error> {
    let mut row = row.of("app_user");
    let user = super::read_from(&mut row)?;
    let session: Option<Timestamp> = row.next("session.used_at")?;
    let key: Option<Timestamp> = row.next("api_key.used_at")?;
    Ok(Overview {
        user,
        seen_at: session.max(key),
        assets: row.next("assets")?,
    })
}

/// The account with that id.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: UserId) -> Result<Option<Overview>, Error> {
    let mut sql = Builder::new(SELECT);
    sql.bind(tenant).push(" AND u.id = ").bind(id);
    let (sql, args) = sql.finish();
    tx.row(sql, args).await?.map(read).transpose()
}

/// Accounts in the order of their making, after the account `after`; with `words` only those whose
/// name or e-mail address contains them.
///
/// # Errors
/// Those of the database.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    words: Option<&str>,
    after: Option<UserId>,
    limit: u32,
) -> Result<Page<Overview, UserId>, Error> {
    let after = after.unwrap_or(UserId::from_uuid(uuid::Uuid::nil()));
    let mut sql = Builder::new(SELECT);
    sql.bind(tenant).push(" AND u.id > ").bind(after);
    if let Some(words) = words {
        let pattern = containing(words);
        // SQLite folds only ASCII, so a name is found by its own spelling at least.
        sql.push(" AND (u.email_key LIKE ").bind(pattern.clone());
        sql.push(r" ESCAPE '\' OR lower(u.name) LIKE ")
            .bind(pattern);
        sql.push(r" ESCAPE '\')");
    }
    sql.push(" ORDER BY u.id LIMIT ").bind(one_more(limit));
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    let found = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(Page::cut(found, limit, |overview| overview.user.id))
}
