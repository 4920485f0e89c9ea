//! Bytes that were lost, or lay where they are not ours, and came again.

use domain::{BlobId, Timestamp};

use super::{ADOPTABLE_MILLIS, Finished};
use crate::findings::{self, FindingOutcome};
use crate::sql::args;
use crate::users::signed;
use crate::{Error, Tx};

/// Puts a finished object in the place of the live blob with the same bytes, if each known copy of that
/// is missing, damaged, or in a folder that is not ours: what referred to the one refers to the other, and the lost one is condemned.
/// `false`: there is nothing to heal. Its copy is still to be noted.
///
/// # Errors
/// Those of the database.
pub async fn heal(tx: &mut Tx, object: &Finished<'_>, now: Timestamp) -> Result<bool, Error> {
    if now.millis().saturating_sub(object.finished_at.millis()) > ADOPTABLE_MILLIS {
        return Ok(false);
    }
    let row = tx
        .row(
            "SELECT id FROM blob WHERE tenant = $1 AND sha256 = $2 AND state = 'live' {for_update}",
            args![object.tenant, object.sha256],
        )
        .await?;
    let Some(row) = row else { return Ok(false) };
    let lost: BlobId = row.of("blob").next("id")?;
    // Two live blobs of the same bytes cannot be, so the lost one goes first. Nothing can refer to it
    // in between: whoever wants to waits for its row.
    let condemned = tx
        .changed(
            "UPDATE blob SET state = 'condemned', state_at = $3 WHERE tenant = $1 AND id = $2 \
             AND EXISTS (SELECT 1 FROM blob_copy c WHERE c.tenant = $1 AND c.blob = $2) \
             AND NOT EXISTS (SELECT 1 FROM blob_copy c WHERE c.tenant = $1 AND c.blob = $2 \
                 AND c.state = 'present' AND c.store <> 'external')",
            args![object.tenant, lost, now],
        )
        .await?;
    if !condemned {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO blob (tenant, id, sha256, size, stored_size, object, state, refs, created_at, state_at) \
         SELECT $1, $3, $4, $5, $6, $7, 'live', refs, $8, $8 FROM blob WHERE tenant = $1 AND id = $2",
        args![
            object.tenant,
            lost,
            object.id,
            object.sha256,
            signed(object.size),
            signed(object.stored_size),
            object.object,
            now
        ],
    )
    .await?;
    tx.execute(
        "UPDATE version_file SET blob = $3 WHERE tenant = $1 AND blob = $2",
        args![object.tenant, lost, object.id],
    )
    .await?;
    tx.execute(
        "UPDATE blob SET refs = 0 WHERE tenant = $1 AND id = $2",
        args![object.tenant, lost],
    )
    .await?;
    findings::conclude_all(tx, object.tenant, lost, FindingOutcome::Replaced, now).await?;
    Ok(true)
}
