//! An operator's and an owner's side of the queue: look, cancel, retry.

use std::collections::BTreeMap;

use domain::{AssetId, JobId, Page, TenantId, Timestamp, one_more};
use uuid::Uuid;

use super::{Job, JobState, columns, read};
use crate::sql::{Builder, Row, args};
use crate::{Error, Tx};

/// How many jobs stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// To be done.
    pub waiting: u64,
    /// Leased.
    pub running: u64,
    /// Out of attempts.
    pub dead: u64,
}

impl Counts {
    fn set(&mut self, state: JobState, count: u64) {
        match state {
            JobState::Waiting => self.waiting = count,
            JobState::Running => self.running = count,
            JobState::Dead => self.dead = count,
        }
    }
}

/// How many jobs a tenant has.
///
/// # Errors
/// Those of the database.
pub async fn counts(tx: &mut Tx, tenant: TenantId) -> Result<Counts, Error> {
    let rows = tx
        .rows(
            "SELECT state, count(*) FROM job WHERE tenant = $1 GROUP BY state",
            args![tenant],
        )
        .await?;
    let mut counts = Counts::default();
    for row in rows {
        let mut row = row.of("job");
        let state = row.next("state")?;
        counts.set(state, row.next("count")?);
    }
    Ok(counts)
}

/// How many jobs of each kind a tenant has, by kind.
///
/// # Errors
/// Those of the database.
pub async fn standing(tx: &mut Tx, tenant: TenantId) -> Result<BTreeMap<String, Counts>, Error> {
    let rows = tx
        .rows(
            "SELECT kind, state, count(*) FROM job WHERE tenant = $1 GROUP BY kind, state",
            args![tenant],
        )
        .await?;
    gathered(rows)
}

fn gathered(rows: Vec<Row>) -> Result<BTreeMap<String, Counts>, Error> {
    let mut standing: BTreeMap<String, Counts> = BTreeMap::new();
    for row in rows {
        let mut row = row.of("job");
        let counts = standing.entry(row.next("kind")?).or_default();
        let state = row.next("state")?;
        counts.set(state, row.next("count")?);
    }
    Ok(standing)
}

/// How many jobs of each kind there are in the whole installation, by kind.
///
/// # Errors
/// Those of the database.
pub async fn everywhere(tx: &mut Tx) -> Result<BTreeMap<String, Counts>, Error> {
    let rows = tx
        .rows(
            "SELECT kind, state, count(*) FROM job GROUP BY kind, state",
            args![],
        )
        .await?;
    gathered(rows)
}

/// The dead jobs of a tenant (of one kind), the oldest first, after the job `after`.
///
/// # Errors
/// Those of the database.
pub async fn dead(
    tx: &mut Tx,
    tenant: TenantId,
    kind: Option<&str>,
    after: Option<JobId>,
    limit: u32,
) -> Result<Vec<JobId>, Error> {
    let after = after.unwrap_or(JobId::from_uuid(Uuid::nil()));
    let mut sql = Builder::new("SELECT id FROM job WHERE state = 'dead' AND tenant = ");
    sql.bind(tenant).push(" AND id > ").bind(after);
    if let Some(kind) = kind {
        sql.push(" AND kind = ").bind(kind);
    }
    sql.push(" ORDER BY id LIMIT ").bind(limit);
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter()
        .map(|row| row.of("job").next("id"))
        .collect()
}

/// A tenant's jobs (of one state), newest first, before the job `before`.
///
/// # Errors
/// Those of the database.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    state: Option<JobState>,
    before: Option<JobId>,
    limit: u32,
) -> Result<Page<Job, JobId>, Error> {
    let before = before.unwrap_or(JobId::from_uuid(Uuid::max()));
    let mut sql = Builder::new(concat!("SELECT ", columns!(), " FROM job WHERE tenant = "));
    sql.bind(tenant).push(" AND id < ").bind(before);
    if let Some(state) = state {
        sql.push(" AND state = ").bind(state);
    }
    sql.push(" ORDER BY id DESC LIMIT ").bind(one_more(limit));
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    let found = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(Page::cut(found, limit, |job| job.id))
}

/// The jobs about one asset, oldest first; at most 1000.
///
/// # Errors
/// Those of the database.
pub async fn of_asset(tx: &mut Tx, tenant: TenantId, asset: AssetId) -> Result<Vec<Job>, Error> {
    let rows = tx
        .rows(
            concat!(
                "SELECT ",
                columns!(),
                " FROM job WHERE tenant = $1 AND asset = $2 ORDER BY id LIMIT 1000"
            ),
            args![tenant, asset],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Takes a job out of the queue, whatever its state; a worker at it notices at its next heartbeat.
/// Gives the job it was.
///
/// # Errors
/// Those of the database.
pub async fn cancel(tx: &mut Tx, tenant: TenantId, id: JobId) -> Result<Option<Job>, Error> {
    tx.row(
        concat!(
            "DELETE FROM job WHERE tenant = $1 AND id = $2 RETURNING ",
            columns!()
        ),
        args![tenant, id],
    )
    .await?
    .map(read)
    .transpose()
}

/// Takes all jobs about an asset out of the queue. How many.
///
/// # Errors
/// Those of the database.
pub async fn cancel_of_asset(tx: &mut Tx, tenant: TenantId, asset: AssetId) -> Result<u64, Error> {
    tx.execute(
        "DELETE FROM job WHERE tenant = $1 AND asset = $2",
        args![tenant, asset],
    )
    .await
}

/// Takes the jobs of one kind about an asset out of the queue. How many.
///
/// # Errors
/// Those of the database.
pub async fn cancel_of_kind(
    tx: &mut Tx,
    tenant: TenantId,
    asset: AssetId,
    kind: &str,
) -> Result<u64, Error> {
    tx.execute(
        "DELETE FROM job WHERE tenant = $1 AND asset = $2 AND kind = $3",
        args![tenant, asset, kind],
    )
    .await
}

/// Revives a dead job with all its attempts, unless another with its key waits or runs. `None`: it is
/// not dead, or not needed.
///
/// # Errors
/// Those of the database.
pub async fn retry(
    tx: &mut Tx,
    tenant: TenantId,
    id: JobId,
    now: Timestamp,
) -> Result<Option<Job>, Error> {
    tx.row(
        concat!(
            "UPDATE job SET state = 'waiting', attempts = 0, run_at = $3 \
             WHERE tenant = $1 AND id = $2 AND state = 'dead' AND NOT EXISTS (SELECT 1 FROM job other \
             WHERE other.tenant = job.tenant AND other.kind = job.kind AND other.ukey = job.ukey \
             AND other.state IN ('waiting', 'running')) RETURNING ",
            columns!()
        ),
        args![tenant, id, now],
    )
    .await?
    .map(read)
    .transpose()
}
