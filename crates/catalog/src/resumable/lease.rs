//! Who may write to an upload. One at a time, of all nodes: the one whose token the row has. It is held
//! by word, not for ever: who is silent past its end has lost it. Who comes meanwhile leaves a token too,
//! so that the holder hears that somebody waits, and the latest of those who wait is let in.

use domain::{TenantId, Timestamp, UploadId};
use uuid::Uuid;

use crate::sql::args;
use crate::{Error, Tx};

/// Which upload, and by which token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Whose tenant.
    pub tenant: TenantId,
    /// Which upload.
    pub upload: UploadId,
    /// Who.
    pub token: Uuid,
}

/// What the holder of a lease hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Go on.
    Held,
    /// Go on, but somebody waits.
    Wanted,
    /// It is somebody else's by now, or the upload is not open any more.
    Lost,
}

/// Takes the lease of an open upload that nobody holds. `false`: somebody does, or it is not open.
///
/// # Errors
/// Those of the database.
pub async fn take(tx: &mut Tx, key: Key, now: Timestamp, until: Timestamp) -> Result<bool, Error> {
    tx.changed(
        "UPDATE resumable SET lease_token = $3, lease_until = $5, wanted_by = NULL \
         WHERE tenant = $1 AND id = $2 AND state = 'open' AND (lease_token IS NULL OR lease_until <= $4)",
        args![key.tenant, key.upload, key.token, now, until],
    )
    .await
}

/// Says that this one waits; the holder hears of it, and whoever waited before waits no more.
///
/// # Errors
/// Those of the database.
pub async fn want(tx: &mut Tx, key: Key) -> Result<bool, Error> {
    tx.changed(
        "UPDATE resumable SET wanted_by = $3 WHERE tenant = $1 AND id = $2 AND state = 'open'",
        args![key.tenant, key.upload, key.token],
    )
    .await
}

/// Whether this one is still the latest of those who wait.
///
/// # Errors
/// Those of the database.
pub async fn is_wanted_by(tx: &mut Tx, key: Key) -> Result<bool, Error> {
    let row = tx
        .row(
            "SELECT id FROM resumable WHERE tenant = $1 AND id = $2 AND state = 'open' AND wanted_by = $3",
            args![key.tenant, key.upload, key.token],
        )
        .await?;
    Ok(row.is_some())
}

/// Keeps the lease until a later time.
///
/// # Errors
/// Those of the database.
pub async fn keep(tx: &mut Tx, key: Key, until: Timestamp) -> Result<Heard, Error> {
    let row = tx
        .row(
            "UPDATE resumable SET lease_until = $4 \
             WHERE tenant = $1 AND id = $2 AND lease_token = $3 AND state = 'open' RETURNING wanted_by",
            args![key.tenant, key.upload, key.token, until],
        )
        .await?;
    let Some(row) = row else {
        return Ok(Heard::Lost);
    };
    let wanted: Option<Uuid> = row.of("resumable").next("wanted_by")?;
    Ok(wanted.map_or(Heard::Held, |_| Heard::Wanted))
}

/// Gives the lease back. Not an error when it is lost already.
///
/// # Errors
/// Those of the database.
pub async fn give_back(tx: &mut Tx, key: Key) -> Result<(), Error> {
    tx.execute(
        "UPDATE resumable SET lease_token = NULL, lease_until = NULL \
         WHERE tenant = $1 AND id = $2 AND lease_token = $3",
        args![key.tenant, key.upload, key.token],
    )
    .await
    .map(drop)
}
