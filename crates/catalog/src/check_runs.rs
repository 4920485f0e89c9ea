//! Checks of every copy that somebody asked for: one at a time.

use domain::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, args};
use crate::users::signed;
use crate::words::words;
use crate::{Error, Tx};

words! {
    /// How far a check is.
    CheckState {
        /// Under way.
        Running = "running",
        /// Every copy was looked at.
        Done = "done",
        /// Somebody ended it.
        Cancelled = "cancelled",
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRun {
    /// Its id.
    pub id: Uuid,
    /// How far it is.
    pub state: CheckState,
    /// Who asked for it, by name.
    pub started_by: String,
    /// When: copies looked at since then need no second look.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What it has counted.
    pub tally: CheckTally,
    /// Why it cannot go on just now.
    pub message: Option<String>,
}

/// What a check has counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CheckTally {
    /// Copies there were to look at when it began.
    pub copies: u64,
    /// Their bytes, as sent.
    pub bytes: u64,
    /// Copies looked at.
    pub checked: u64,
    /// Their bytes.
    pub checked_bytes: u64,
    /// Copies that were wrong.
    pub found: u64,
    /// Of them, those repaired.
    pub repaired: u64,
}

/// Begins a check unless one runs; whether this one did.
///
/// # Errors
/// Those of the database.
pub async fn begin(tx: &mut Tx, run: &CheckRun) -> Result<bool, Error> {
    let (copies, bytes) = (signed(run.tally.copies), signed(run.tally.bytes));
    tx.changed(
        "INSERT INTO check_run (id, state, started_by, started_at, copies, bytes) \
         VALUES ($1, 'running', $2, $3, $4, $5) ON CONFLICT (state) WHERE state = 'running' DO NOTHING",
        args![run.id, run.started_by.as_str(), run.started_at, copies, bytes],
    )
    .await
}

/// Adds to what a running check has counted. `false`: it does not run any more.
///
/// # Errors
/// Those of the database.
pub async fn advance(tx: &mut Tx, id: Uuid, more: CheckTally) -> Result<bool, Error> {
    tx.changed(
        "UPDATE check_run SET checked = checked + $2, checked_bytes = checked_bytes + $3, \
         found = found + $4, repaired = repaired + $5, message = NULL WHERE id = $1 AND state = 'running'",
        args![
            id,
            signed(more.checked),
            signed(more.checked_bytes),
            signed(more.found),
            signed(more.repaired)
        ],
    )
    .await
}

/// Writes down why a running check cannot go on just now.
///
/// # Errors
/// Those of the database.
pub async fn hold_up(tx: &mut Tx, id: Uuid, message: &str) -> Result<bool, Error> {
    tx.changed(
        "UPDATE check_run SET message = $2 WHERE id = $1 AND state = 'running'",
        args![id, message],
    )
    .await
}

/// Ends a running check; `None` ends whichever runs. Whether one did.
///
/// # Errors
/// Those of the database.
pub async fn end(
    tx: &mut Tx,
    id: Option<Uuid>,
    state: CheckState,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE check_run SET state = $2, ended_at = $3, message = NULL \
         WHERE state = 'running' AND ($1 IS NULL OR id = $1)",
        args![id, state, now],
    )
    .await
}

/// The check that runs, or ran last.
///
/// # Errors
/// Those of the database.
pub async fn latest(tx: &mut Tx) -> Result<Option<CheckRun>, Error> {
    tx.row(
        "SELECT id, state, started_by, started_at, ended_at, copies, bytes, checked, checked_bytes, found, \
         repaired, message FROM check_run ORDER BY started_at DESC, id DESC LIMIT 1",
        args![],
    )
    .await?
    .map(read)
    .transpose()
}

/// The check that runs.
///
/// # Errors
/// Those of the database.
pub async fn running(tx: &mut Tx) -> Result<Option<CheckRun>, Error> {
    let latest = latest(tx).await?;
    Ok(latest.filter(|run| run.state == CheckState::Running))
}

/// Forgets checks that ended before `before`, but never the last.
///
/// # Errors
/// Those of the database.
pub async fn prune(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.execute(
        "DELETE FROM check_run WHERE ended_at < $1 AND id NOT IN \
         (SELECT id FROM check_run ORDER BY started_at DESC, id DESC LIMIT 1)",
        args![before],
    )
    .await
}

fn read(row: Row) -> Result<CheckRun, Error> {
    let mut row = row.of("check_run");
    Ok(CheckRun {
        id: row.next("id")?,
        state: row.next("state")?,
        started_by: row.next("started_by")?,
        started_at: row.next("started_at")?,
        ended_at: row.next("ended_at")?,
        tally: CheckTally {
            copies: row.next("copies")?,
            bytes: row.next("bytes")?,
            checked: row.next("checked")?,
            checked_bytes: row.next("checked_bytes")?,
            found: row.next("found")?,
            repaired: row.next("repaired")?,
        },
        message: row.next("message")?,
    })
}
