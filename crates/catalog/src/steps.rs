//! Steps: what was done to a version, when, how often, and why it failed. The queue forgets a job that
//! ended; a step stays, for people to read and to try again.

use domain::{AssetId, Sha256, TenantId, Timestamp, VersionId, Visibility};

use crate::sql::{Arg, Builder, args};
use crate::visibility::admitted;
use crate::words::words;
use crate::{Error, Tx};

words! {
    /// How far a step is.
    StepState {
        /// Will be done.
        Waiting = "waiting",
        /// A worker is at it.
        Running = "running",
        /// Ended well.
        Done = "done",
        /// Ended badly.
        Failed = "failed",
        /// Will not be done.
        Cancelled = "cancelled",
    }
}

/// Names one step of one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepKey<'a> {
    /// Whose.
    pub tenant: TenantId,
    /// Of which asset.
    pub asset: AssetId,
    /// Of which version.
    pub version: VersionId,
    /// The step's name.
    pub name: &'a str,
}

impl StepKey<'_> {
    fn args(&self, more: Vec<Arg>) -> Vec<Arg> {
        let mut args = args![self.tenant, self.asset, self.version, self.name];
        args.extend(more);
        args
    }
}

/// A step to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned<'a> {
    /// The step's name.
    pub name: &'a str,
    /// Version of the program that will do it.
    pub step_version: u32,
    /// Whether without it there is nothing to look at: its failure fails the asset.
    pub picture: bool,
}

/// A step of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The version it belongs to.
    pub version: VersionId,
    /// Its name.
    pub name: String,
    /// Version of the program that did or will do it.
    pub step_version: u32,
    /// How far it is.
    pub state: StepState,
    /// How often it was begun.
    pub attempts: u32,
    /// When it was last begun.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Why it failed: a stable word.
    pub code: Option<String>,
    /// Why it failed: a sentence for the owner.
    pub message: Option<String>,
    /// Whether trying again makes sense.
    pub retryable: bool,
}

/// Plans steps of a version, in the order given. A step that is known is planned again only for a
/// newer version of its program. How many were.
///
/// # Errors
/// [`Error::Conflict`] when there is no such asset.
pub async fn plan(
    tx: &mut Tx,
    tenant: TenantId,
    asset: AssetId,
    version: VersionId,
    steps: &[Planned<'_>],
) -> Result<u64, Error> {
    let mut planned = 0;
    for (position, step) in steps.iter().enumerate() {
        planned += tx
            .execute(
                "INSERT INTO step (tenant, asset, version, name, step_version, position, picture, state, retryable) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', FALSE) \
                 ON CONFLICT (tenant, asset, version, name) DO UPDATE SET step_version = excluded.step_version, \
                 position = excluded.position, picture = excluded.picture, state = 'waiting', attempts = 0, \
                 started_at = NULL, finished_at = NULL, code = NULL, message = NULL, retryable = FALSE \
                 WHERE step.step_version < excluded.step_version",
                args![
                    tenant,
                    asset,
                    version,
                    step.name,
                    step.step_version,
                    i64::try_from(position).unwrap_or(i64::MAX),
                    step.picture
                ],
            )
            .await?;
    }
    Ok(planned)
}

/// Plans a step anew, however it ended before: there is something else to do it with. It is shown after
/// those that [`plan`] planned.
///
/// # Errors
/// [`Error::Conflict`] when there is no such asset.
pub async fn begin_anew(
    tx: &mut Tx,
    tenant: TenantId,
    asset: AssetId,
    version: VersionId,
    step: Planned<'_>,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO step (tenant, asset, version, name, step_version, position, picture, state, retryable) \
         VALUES ($1, $2, $3, $4, $5, 100, $6, 'waiting', FALSE) \
         ON CONFLICT (tenant, asset, version, name) DO UPDATE SET step_version = excluded.step_version, \
         state = 'waiting', attempts = 0, started_at = NULL, finished_at = NULL, code = NULL, message = NULL, \
         retryable = FALSE",
        args![tenant, asset, version, step.name, step.step_version, step.picture],
    )
    .await
    .map(drop)
}

/// Notes that a worker is at a step. `false`: it was cancelled, has ended, or does not exist; leave it.
///
/// # Errors
/// Those of the database.
pub async fn begin(tx: &mut Tx, step: StepKey<'_>, now: Timestamp) -> Result<bool, Error> {
    tx.changed(
        "UPDATE step SET state = 'running', attempts = attempts + 1, started_at = $5, finished_at = NULL, code = NULL, \
         message = NULL, retryable = FALSE \
         WHERE tenant = $1 AND asset = $2 AND version = $3 AND name = $4 AND state IN ('waiting', 'running')",
        step.args(args![now]),
    )
    .await
}

/// Notes that a running step ended well. `false`: it was not running (cancelled meanwhile).
///
/// # Errors
/// Those of the database.
pub async fn finish(tx: &mut Tx, step: StepKey<'_>, now: Timestamp) -> Result<bool, Error> {
    tx.changed(
        "UPDATE step SET state = 'done', finished_at = $5, code = NULL, message = NULL, retryable = FALSE \
         WHERE tenant = $1 AND asset = $2 AND version = $3 AND name = $4 AND state = 'running'",
        step.args(args![now]),
    )
    .await
}

/// Notes that a running step ended with results and a reason why they are not all there could be.
/// `false`: it was not running.
///
/// # Errors
/// Those of the database.
pub async fn finish_in_part(
    tx: &mut Tx,
    step: StepKey<'_>,
    failure: Failure<'_>,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE step SET state = 'done', finished_at = $5, code = $6, message = $7, retryable = $8 \
         WHERE tenant = $1 AND asset = $2 AND version = $3 AND name = $4 AND state = 'running'",
        step.args(args![now, failure.code, failure.message, failure.retryable]),
    )
    .await
}

/// Why a step failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure<'a> {
    /// Stable word.
    pub code: &'a str,
    /// One sentence for the owner.
    pub message: &'a str,
    /// Whether trying again makes sense.
    pub retryable: bool,
}

/// Notes that a step failed for good (until somebody retries). `false`: it was neither waiting nor
/// running.
///
/// # Errors
/// Those of the database.
pub async fn fail(
    tx: &mut Tx,
    step: StepKey<'_>,
    failure: Failure<'_>,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE step SET state = 'failed', finished_at = $5, code = $6, message = $7, retryable = $8 \
         WHERE tenant = $1 AND asset = $2 AND version = $3 AND name = $4 AND state IN ('waiting', 'running')",
        step.args(args![now, failure.code, failure.message, failure.retryable]),
    )
    .await
}

/// Notes that a running step failed and waits to be done again by itself.
///
/// # Errors
/// Those of the database.
pub async fn postpone(
    tx: &mut Tx,
    step: StepKey<'_>,
    failure: Failure<'_>,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE step SET state = 'waiting', finished_at = $5, code = $6, message = $7, retryable = $8 \
         WHERE tenant = $1 AND asset = $2 AND version = $3 AND name = $4 AND state = 'running'",
        step.args(args![now, failure.code, failure.message, failure.retryable]),
    )
    .await
}

/// Notes that an open step will not be done. `false`: it is not open.
///
/// # Errors
/// Those of the database.
pub async fn cancel(tx: &mut Tx, step: StepKey<'_>, now: Timestamp) -> Result<bool, Error> {
    tx.changed(
        "UPDATE step SET state = 'cancelled', finished_at = $5, retryable = TRUE \
         WHERE tenant = $1 AND asset = $2 AND version = $3 AND name = $4 AND state IN ('waiting', 'running')",
        step.args(args![now]),
    )
    .await
}

/// Opens a step again that had ended well: what it made has vanished. `false`: it had not.
///
/// # Errors
/// Those of the database.
pub async fn redo(tx: &mut Tx, step: StepKey<'_>) -> Result<bool, Error> {
    tx.changed(
        "UPDATE step SET state = 'waiting', started_at = NULL, finished_at = NULL, code = NULL, message = NULL, \
         retryable = FALSE \
         WHERE tenant = $1 AND asset = $2 AND version = $3 AND name = $4 AND state = 'done'",
        step.args(args![]),
    )
    .await
}

/// Opens a failed or cancelled step again, for somebody who asked. `false`: it is neither.
///
/// # Errors
/// Those of the database.
pub async fn retry(tx: &mut Tx, step: StepKey<'_>) -> Result<bool, Error> {
    tx.changed(
        "UPDATE step SET state = 'waiting', started_at = NULL, finished_at = NULL, code = NULL, message = NULL, \
         retryable = FALSE \
         WHERE tenant = $1 AND asset = $2 AND version = $3 AND name = $4 AND state IN ('failed', 'cancelled')",
        step.args(args![]),
    )
    .await
}

/// The current versions of this content whose step of that name failed, or waits to be done again, with
/// that code. At most 1000.
///
/// # Errors
/// Those of the database.
pub async fn without_success(
    tx: &mut Tx,
    tenant: TenantId,
    sha256: Sha256,
    (name, code): (&str, &str),
) -> Result<Vec<(AssetId, VersionId)>, Error> {
    let rows = tx
        .rows(
            "SELECT s.asset, s.version FROM asset a \
             JOIN step s ON s.tenant = a.tenant AND s.asset = a.id AND s.version = a.version \
             WHERE a.tenant = $1 AND a.sha256 = $2 AND s.name = $3 AND s.code = $4 \
             AND s.state IN ('failed', 'waiting') ORDER BY s.asset LIMIT 1000",
            args![tenant, sha256, name, code],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("step");
            Ok((row.next("asset")?, row.next("version")?))
        })
        .collect()
}

/// The steps of a visible asset's current version, in their order.
///
/// # Errors
/// Those of the database.
pub async fn list(
    tx: &mut Tx,
    visibility: &Visibility,
    asset: AssetId,
) -> Result<Vec<Step>, Error> {
    let mut sql = Builder::new(
        "SELECT s.version, s.name, s.step_version, s.state, s.attempts, s.started_at, s.finished_at, s.code, s.message, \
         s.retryable FROM asset a JOIN step s ON s.tenant = a.tenant AND s.asset = a.id AND s.version = a.version \
         WHERE a.id = ",
    );
    sql.bind(asset).push(" AND ");
    admitted(&mut sql, visibility);
    sql.push(" ORDER BY s.position");
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("step");
            Ok(Step {
                version: row.next("version")?,
                name: row.next("name")?,
                step_version: row.next("step_version")?,
                state: row.next("state")?,
                attempts: row.next("attempts")?,
                started_at: row.next("started_at")?,
                finished_at: row.next("finished_at")?,
                code: row.next("code")?,
                message: row.next("message")?,
                retryable: row.next("retryable")?,
            })
        })
        .collect()
}
