//! A worker's side of the queue: claim, keep, acknowledge, give back.

use domain::{JobId, Timestamp};
use uuid::Uuid;

use super::pause::{Pause, pauses};
use super::{Job, JobState, columns, read};
use crate::sql::{Builder, args};
use crate::{Error, Tx};

/// Expired leases looked at by one claim.
const EXPIRED: i64 = 64;

/// No job is put off, and no lease given, for longer than this (2 h). One that lies further ahead was written
/// when the clock was wrong, and counts as due: nobody waits for a day that was never meant.
pub const HORIZON_MILLIS: i64 = 2 * 60 * 60 * 1000;

/// What a claim brought.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Claim {
    /// Yours until `lease_until`, in the order to do them.
    pub jobs: Vec<Job>,
    /// Jobs whose worker disappeared in their last attempt: they are dead now. Note it in their steps.
    pub died: Vec<Job>,
}

/// Leases up to `limit` due jobs of those of these kinds that are not paused, under a fresh `token`. Jobs
/// whose lease has expired are claimed again as if they had just become due; see [`HORIZON_MILLIS`] for clocks
/// that jump.
///
/// # Errors
/// Those of the database.
pub async fn claim(
    tx: &mut Tx,
    kinds: &[&str],
    limit: u32,
    token: Uuid,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Claim, Error> {
    let died = expire(tx, now).await?;
    let pauses = pauses(tx, kinds, now).await?;
    let is_paused = |kind: &str| {
        let about = |pause: &Pause| pause.kind.as_deref().is_none_or(|paused| paused == kind);
        pauses.iter().any(about)
    };
    let kinds: Vec<&str> = kinds
        .iter()
        .copied()
        .filter(|kind| !is_paused(kind))
        .collect();
    if kinds.is_empty() {
        let jobs = Vec::new();
        return Ok(Claim { jobs, died });
    }
    let mut sql = Builder::new(
        "WITH picked AS MATERIALIZED (SELECT id FROM job WHERE state = 'waiting' AND (run_at <= ",
    );
    sql.bind(now).push(" OR run_at > ");
    sql.bind(now.plus_millis(HORIZON_MILLIS)).push(") AND kind");
    sql.is_one_of(kinds);
    sql.push(" ORDER BY priority DESC, run_at, id LIMIT ")
        .bind(limit);
    sql.push(
        " {skip_locked}) UPDATE job SET state = 'running', attempts = attempts + 1, lease_token = ",
    );
    sql.bind(token).push(", lease_until = ").bind(lease_until);
    sql.push(concat!(
        " WHERE id IN (SELECT id FROM picked) RETURNING ",
        columns!()
    ));
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    let mut jobs: Vec<Job> = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    jobs.sort_unstable_by_key(|job| (std::cmp::Reverse(job.priority), job.run_at, job.id));
    Ok(Claim { jobs, died })
}

/// Takes back expired leases: to be claimed again, or dead when no attempt is left (those are given).
async fn expire(tx: &mut Tx, now: Timestamp) -> Result<Vec<Job>, Error> {
    let rows = tx
        .rows(
            concat!(
                "WITH picked AS MATERIALIZED (SELECT id FROM job WHERE state = 'running' AND \
                 (lease_until < $1 OR lease_until > $3) ORDER BY lease_until, id LIMIT $2 {skip_locked}) \
                 UPDATE job SET state = CASE WHEN attempts < max_attempts THEN 'waiting' ELSE 'dead' END, \
                 lease_token = NULL, lease_until = NULL, last_error = 'the worker disappeared' \
                 WHERE id IN (SELECT id FROM picked) RETURNING ",
                columns!()
            ),
            args![now, EXPIRED, now.plus_millis(HORIZON_MILLIS)],
        )
        .await?;
    let jobs: Vec<Job> = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(jobs
        .into_iter()
        .filter(|job| job.state == JobState::Dead)
        .collect())
}

/// Extends the leases under a token. Gives the jobs still held: stop working on any other, it was
/// cancelled or has been claimed by somebody else.
///
/// # Errors
/// Those of the database.
pub async fn heartbeat(
    tx: &mut Tx,
    token: Uuid,
    lease_until: Timestamp,
) -> Result<Vec<JobId>, Error> {
    let rows = tx
        .rows(
            "UPDATE job SET lease_until = $2 WHERE state = 'running' AND lease_token = $1 RETURNING id",
            args![token, lease_until],
        )
        .await?;
    rows.into_iter()
        .map(|row| row.of("job").next("id"))
        .collect()
}

/// Deletes jobs that are done. Gives how many were still held under the token: fewer than asked means
/// that a lease was lost. Do this in the transaction that stores the results, and roll back then.
///
/// # Errors
/// Those of the database.
pub async fn ack(tx: &mut Tx, ids: &[JobId], token: Uuid) -> Result<u64, Error> {
    let mut sql = Builder::new("DELETE FROM job WHERE state = 'running' AND lease_token = ");
    sql.bind(token).push(" AND id");
    sql.is_one_of(ids.iter().copied());
    let (sql, args) = sql.finish();
    tx.execute(sql, args).await
}

/// Notes that a job failed: it waits until `run_at`, or is dead when its attempts are used up or there
/// is no `run_at` (trying again would not help). `None`: it is not held under the token.
///
/// # Errors
/// Those of the database.
pub async fn fail(
    tx: &mut Tx,
    id: JobId,
    token: Uuid,
    run_at: Option<Timestamp>,
    error: &str,
) -> Result<Option<JobState>, Error> {
    let row = tx
        .row(
            "UPDATE job SET state = CASE WHEN $3 AND attempts < max_attempts THEN 'waiting' ELSE 'dead' END, \
             run_at = COALESCE($4, run_at), lease_token = NULL, lease_until = NULL, last_error = $5 \
             WHERE id = $1 AND lease_token = $2 AND state = 'running' RETURNING state",
            args![id, token, run_at.is_some(), run_at, error],
        )
        .await?;
    row.map(|row| row.of("job").next("state")).transpose()
}

/// Has a job wait until `run_at` without counting the attempt: it could not even begin, because what it
/// needs is down. `false`: it is not held under the token.
///
/// # Errors
/// Those of the database.
pub async fn postpone(
    tx: &mut Tx,
    id: JobId,
    token: Uuid,
    run_at: Timestamp,
    error: &str,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE job SET state = 'waiting', attempts = attempts - 1, run_at = $3, lease_token = NULL, \
         lease_until = NULL, last_error = $4 WHERE id = $1 AND lease_token = $2 AND state = 'running'",
        args![id, token, run_at, error],
    )
    .await
}

/// Gives back everything held under a token without counting the attempt: for a worker that stops.
/// How many.
///
/// # Errors
/// Those of the database.
pub async fn release(tx: &mut Tx, token: Uuid) -> Result<u64, Error> {
    tx.execute(
        "UPDATE job SET state = 'waiting', attempts = attempts - 1, lease_token = NULL, lease_until = NULL \
         WHERE lease_token = $1 AND state = 'running'",
        args![token],
    )
    .await
}
