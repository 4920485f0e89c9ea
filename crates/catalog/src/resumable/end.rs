//! How uploads end. Each ending is one update that finds the upload open, so that it ends once.

use domain::{AssetId, TenantId, Timestamp, UploadId};

use super::{Resumable, State, read};
use crate::sql::{Builder, args};
use crate::users::signed;
use crate::{Error, Tx};

/// How an upload ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending<'a> {
    /// What it is from now on.
    pub state: State,
    /// Why it was refused: stable word and sentence.
    pub problem: Option<(&'a str, &'a str)>,
    /// When.
    pub now: Timestamp,
}

/// Ends an open upload with all it is made of, and gives back what was held of the owner's quota. `false`:
/// it was not open any more.
///
/// # Errors
/// Those of the database.
pub async fn close(
    tx: &mut Tx,
    tenant: TenantId,
    id: UploadId,
    ending: &Ending<'_>,
) -> Result<bool, Error> {
    let closed = tx
        .changed(
            "UPDATE resumable SET state = $3, problem_code = $4, problem_message = $5, updated_at = $6, \
             lease_token = NULL, lease_until = NULL, wanted_by = NULL \
             WHERE tenant = $1 AND id = $2 AND state = 'open'",
            args![
                tenant,
                id,
                ending.state,
                ending.problem.map(|(code, _)| code),
                ending.problem.map(|(_, message)| message),
                ending.now
            ],
        )
        .await?;
    if !closed {
        return Ok(false);
    }
    tx.execute(
        "UPDATE resumable SET state = 'ended', updated_at = $3 \
         WHERE tenant = $1 AND joined_by = $2 AND state = 'open'",
        args![tenant, id, ending.now],
    )
    .await?;
    let row = tx
        .row(
            "SELECT CAST(COALESCE(sum(reserved), 0) AS {int}) FROM resumable \
             WHERE tenant = $1 AND (id = $2 OR joined_by = $2)",
            args![tenant, id],
        )
        .await?;
    let held: u64 = row.map_or(Ok(0), |row| row.of("resumable").next("reserved"))?;
    tx.execute(
        "UPDATE resumable SET reserved = 0 WHERE tenant = $1 AND (id = $2 OR joined_by = $2)",
        args![tenant, id],
    )
    .await?;
    tx.execute(
        "UPDATE app_user SET reserved = CASE WHEN reserved > $3 THEN reserved - $3 ELSE 0 END \
         WHERE tenant = $1 AND id = (SELECT owner FROM resumable WHERE tenant = $1 AND id = $2)",
        args![tenant, id, signed(held)],
    )
    .await?;
    Ok(true)
}

/// Notes what an upload became that was closed as complete: all its bytes are there, whether they came as
/// parts or at once.
///
/// # Errors
/// Those of the database.
pub async fn became(
    tx: &mut Tx,
    tenant: TenantId,
    id: UploadId,
    asset: AssetId,
    duplicate: bool,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE resumable SET asset = $3, duplicate = $4, received = COALESCE(length, received) \
         WHERE tenant = $1 AND id = $2 AND state = 'complete'",
        args![tenant, id, asset, duplicate],
    )
    .await
    .map(drop)
}

/// Open uploads whose time ran out and that nobody writes to, of all tenants.
///
/// # Errors
/// Those of the database.
pub async fn due(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<Vec<Resumable>, Error> {
    let mut sql = Builder::new("SELECT ");
    sql.push(super::COLUMNS)
        .push(" FROM resumable WHERE state = 'open' AND expires_at <= ");
    sql.bind(now)
        .push(" AND (lease_token IS NULL OR lease_until <= ");
    sql.bind(now).push(") ORDER BY expires_at LIMIT ");
    sql.bind(limit);
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter().map(read).collect()
}

/// Open uploads that have all their bytes and that nobody completes: whoever did was cut off.
///
/// # Errors
/// Those of the database.
pub async fn stranded(tx: &mut Tx, now: Timestamp, limit: u32) -> Result<Vec<Resumable>, Error> {
    let mut sql = Builder::new("SELECT ");
    sql.push(super::COLUMNS).push(
        " FROM resumable WHERE state = 'open' AND role <> 'partial' AND length = received AND expires_at > ",
    );
    sql.bind(now)
        .push(" AND (lease_token IS NULL OR lease_until <= ");
    sql.bind(now).push(") ORDER BY updated_at LIMIT ");
    sql.bind(limit);
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter().map(read).collect()
}

/// Forgets uploads that ended before then and have no parts any more. How many.
///
/// # Errors
/// Those of the database.
pub async fn forget(tx: &mut Tx, before: Timestamp, limit: u32) -> Result<u64, Error> {
    tx.execute(
        "DELETE FROM resumable WHERE (tenant, id) IN (SELECT tenant, id FROM resumable u \
             WHERE state <> 'open' AND updated_at < $1 AND NOT EXISTS (SELECT 1 FROM resumable_part p \
                 WHERE p.tenant = u.tenant AND p.upload = u.id) LIMIT $2)",
        args![before, limit],
    )
    .await
}
