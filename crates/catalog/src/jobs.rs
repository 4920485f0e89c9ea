//! The queue. A job waits, is leased to a worker (running), and is deleted when acknowledged; one that
//! used up its attempts is dead until somebody retries it.
//!
//! A lease is a token and a deadline. Attempts are counted when a job is claimed, so a job that kills
//! its worker dies, too. Claim and acknowledge in batches: each is one transaction.

mod manage;
mod pause;
mod worker;

use domain::{AssetId, JobId, TenantId, Timestamp};
use uuid::Uuid;

pub use manage::{
    Counts, cancel, cancel_of_asset, cancel_of_kind, counts, dead, everywhere, list, of_asset,
    retry, standing,
};
pub use pause::{Pause, pause, pauses, resume};
pub use worker::{Claim, HORIZON_MILLIS, ack, claim, fail, heartbeat, postpone, release};

use crate::sql::{Row, args};
use crate::words::words;
use crate::{Error, Tx};

words! {
    /// Where a job stands.
    JobState {
        /// To be done at `run_at` or later.
        Waiting = "waiting",
        /// Leased to a worker.
        Running = "running",
        /// Out of attempts.
        Dead = "dead",
    }
}

/// A job to add.
#[derive(Debug, Clone)]
pub struct NewJob<'a> {
    /// Its id.
    pub id: JobId,
    /// For which tenant.
    pub tenant: TenantId,
    /// About which asset.
    pub asset: Option<AssetId>,
    /// What kind of work.
    pub kind: &'a str,
    /// Higher comes first.
    pub priority: i64,
    /// Not before.
    pub run_at: Timestamp,
    /// Claims before it is dead.
    pub max_attempts: u32,
    /// While a job of this kind and key waits or runs, no other is added.
    pub ukey: Option<&'a str>,
    /// Whatever the work needs to know.
    pub payload: &'a serde_json::Value,
    /// When.
    pub created_at: Timestamp,
}

/// A job.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// For which tenant.
    pub tenant: TenantId,
    /// About which asset.
    pub asset: Option<AssetId>,
    /// What kind of work.
    pub kind: String,
    /// Higher comes first.
    pub priority: i64,
    /// Not before.
    pub run_at: Timestamp,
    /// Where it stands.
    pub state: JobState,
    /// Claims so far, the present one included.
    pub attempts: u32,
    /// Claims before it is dead.
    pub max_attempts: u32,
    /// When the lease ends.
    pub lease_until: Option<Timestamp>,
    /// Whose lease it is.
    pub lease_token: Option<Uuid>,
    /// Whatever the work needs to know.
    pub payload: serde_json::Value,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
}

/// What [`read`] reads.
macro_rules! columns {
    () => {
        "id, tenant, asset, kind, priority, run_at, state, attempts, max_attempts, lease_until, lease_token, payload, \
         last_error, created_at"
    };
}
use columns;

fn read(row: Row) -> Result<Job, Error> {
    let mut row = row.of("job");
    Ok(Job {
        id: row.next("id")?,
        tenant: row.next("tenant")?,
        asset: row.next("asset")?,
        kind: row.next("kind")?,
        priority: row.next("priority")?,
        run_at: row.next("run_at")?,
        state: row.next("state")?,
        attempts: row.next("attempts")?,
        max_attempts: row.next("max_attempts")?,
        lease_until: row.next("lease_until")?,
        lease_token: row.next("lease_token")?,
        payload: row.next("payload")?,
        last_error: row.next("last_error")?,
        created_at: row.next("created_at")?,
    })
}

/// Adds a job. `false`: one of the same kind and key waits or runs already.
///
/// # Errors
/// Those of the database.
pub async fn enqueue(tx: &mut Tx, job: &NewJob<'_>) -> Result<bool, Error> {
    tx.changed(
        "INSERT INTO job (id, tenant, asset, kind, priority, run_at, state, max_attempts, ukey, payload, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8, $9, $10) \
         ON CONFLICT (tenant, kind, ukey) WHERE ukey IS NOT NULL AND state IN ('waiting', 'running') DO NOTHING",
        args![
            job.id,
            job.tenant,
            job.asset,
            job.kind,
            job.priority,
            job.run_at,
            job.max_attempts,
            job.ukey,
            job.payload,
            job.created_at
        ],
    )
    .await
}
