//! How far an asset has come, from its steps.

use domain::{AssetId, Status, TenantId, Timestamp};

use super::derive::lock;
use crate::sql::args;
use crate::steps::StepState;
use crate::{Error, Tx};

/// Sets an asset's status from the steps of its current version and gives it, `None` when there is no
/// such asset. A quarantined asset stays so.
///
/// # Errors
/// Those of the database.
pub async fn recompute_status(
    tx: &mut Tx,
    tenant: TenantId,
    asset: AssetId,
    now: Timestamp,
) -> Result<Option<Status>, Error> {
    // Of two steps that end at once, the second to get the row sees both.
    if !lock(tx, tenant, asset).await? {
        return Ok(None);
    }
    let rows = tx
        .rows(
            "SELECT s.state, s.picture, s.attempts, s.code IS NOT NULL FROM step s \
             JOIN asset a ON a.tenant = s.tenant AND a.id = s.asset AND a.version = s.version \
             WHERE s.tenant = $1 AND s.asset = $2",
            args![tenant, asset],
        )
        .await?;
    let mut steps = Vec::with_capacity(rows.len());
    for row in rows {
        let mut row = row.of("step");
        steps.push((
            row.next("state")?,
            row.next("picture")?,
            row.next("attempts")?,
            row.next("code")?,
        ));
    }
    let status = from_steps(&steps);
    tx.execute(
        "UPDATE asset SET status = $3, updated_at = $4 \
         WHERE tenant = $1 AND id = $2 AND status <> $3 AND status <> 'quarantined'",
        args![tenant, asset, status, now],
    )
    .await?;
    let row = tx
        .row(
            "SELECT status FROM asset WHERE tenant = $1 AND id = $2",
            args![tenant, asset],
        )
        .await?;
    row.map(|row| row.of("asset").next("status")).transpose()
}

/// The status that follows from (state, makes the picture, attempts, has a reason) of every step.
fn from_steps(steps: &[(StepState, bool, u32, bool)]) -> Status {
    let open = |state| matches!(state, StepState::Waiting | StepState::Running);
    if steps.iter().any(|(state, ..)| open(*state)) {
        let untouched = steps
            .iter()
            .all(|(state, _, attempts, _)| *state == StepState::Waiting && *attempts == 0);
        return if untouched {
            Status::Pending
        } else {
            Status::Processing
        };
    }
    let failed = |(state, ..): &&(StepState, bool, u32, bool)| *state == StepState::Failed;
    if steps.iter().filter(failed).any(|(_, picture, ..)| *picture) {
        Status::Failed
    } else if steps
        .iter()
        .any(|(state, _, _, reason)| *state != StepState::Done || *reason)
    {
        Status::Partial
    } else {
        Status::Ready
    }
}
