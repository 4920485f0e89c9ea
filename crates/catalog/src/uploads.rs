//! Announced uploads: one PUT, bound to what was announced, until it expires.

use domain::{AssetId, MediaType, Sha256, TenantId, Timestamp, UploadId, UserId};

use crate::sql::{Row, args};
use crate::users::signed;
use crate::words::words;
use crate::{Error, Tx};

words! {
    /// Where an announced upload stands.
    UploadState {
        /// Waits for its bytes.
        Open = "open",
        /// Its bytes are coming in.
        Receiving = "receiving",
        /// It became (or was) an asset.
        Complete = "complete",
        /// It was refused.
        Failed = "failed",
        /// Its time ran out.
        Expired = "expired",
    }
}

/// An announced upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: UploadId,
    /// For whose library.
    pub owner: UserId,
    /// The file's name.
    pub file_name: String,
    /// Bytes announced.
    pub size: u64,
    /// Type announced.
    pub media_type: Option<MediaType>,
    /// Digest announced.
    pub sha256: Option<Sha256>,
    /// Where it stands.
    pub state: UploadState,
    /// What it became.
    pub asset: Option<AssetId>,
    /// Why it failed: stable word and sentence.
    pub problem: Option<(String, String)>,
    /// When it was announced.
    pub created_at: Timestamp,
    /// When its URL ends.
    pub expires_at: Timestamp,
}

fn read(row: Row) -> Result<Upload, Error> {
    let mut row = row.of("upload");
    let mut upload = Upload {
        id: row.next("id")?,
        tenant: row.next("tenant")?,
        owner: row.next("owner")?,
        file_name: row.next("file_name")?,
        size: row.next("size")?,
        media_type: row.next("media_type")?,
        sha256: row.next("sha256")?,
        state: row.next("state")?,
        asset: row.next("asset")?,
        problem: None,
        created_at: row.next("created_at")?,
        expires_at: row.next("expires_at")?,
    };
    let code: Option<String> = row.next("problem_code")?;
    let message: Option<String> = row.next("problem_message")?;
    upload.problem = code.zip(message);
    Ok(upload)
}

/// Adds an open upload.
///
/// # Errors
/// [`Error::Conflict`] when there is no such owner.
pub async fn insert(tx: &mut Tx, upload: &Upload) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO upload (tenant, id, owner, file_name, size, media_type, sha256, state, created_at, updated_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $8, $9)",
        args![
            upload.tenant,
            upload.id,
            upload.owner,
            upload.file_name.as_str(),
            signed(upload.size),
            upload.media_type,
            upload.sha256,
            upload.created_at,
            upload.expires_at
        ],
    )
    .await
    .map(drop)
}

/// The upload with that id. Whether the caller may see it, the caller's owner decides.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: UploadId) -> Result<Option<Upload>, Error> {
    tx.row(
        "SELECT id, tenant, owner, file_name, size, media_type, sha256, state, asset, created_at, expires_at, \
         problem_code, problem_message FROM upload WHERE tenant = $1 AND id = $2",
        args![tenant, id],
    )
    .await?
    .map(read)
    .transpose()
}

/// Takes an open upload for receiving its bytes; of several who try at once one gets it. `false`: it is
/// not open, or its time ran out.
///
/// # Errors
/// Those of the database.
pub async fn begin(
    tx: &mut Tx,
    tenant: TenantId,
    id: UploadId,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE upload SET state = 'receiving', updated_at = $3 \
         WHERE tenant = $1 AND id = $2 AND state = 'open' AND expires_at > $3",
        args![tenant, id, now],
    )
    .await
}

/// Opens it again after an interrupted transfer. `false`: it was not receiving.
///
/// # Errors
/// Those of the database.
pub async fn reopen(
    tx: &mut Tx,
    tenant: TenantId,
    id: UploadId,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE upload SET state = 'open', updated_at = $3 WHERE tenant = $1 AND id = $2 AND state = 'receiving'",
        args![tenant, id, now],
    )
    .await
}

/// Notes what it became. `false`: it was not receiving (expired meanwhile).
///
/// # Errors
/// Those of the database.
pub async fn finish(
    tx: &mut Tx,
    tenant: TenantId,
    id: UploadId,
    asset: AssetId,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE upload SET state = 'complete', asset = $3, updated_at = $4 \
         WHERE tenant = $1 AND id = $2 AND state = 'receiving'",
        args![tenant, id, asset, now],
    )
    .await
}

/// Notes why it was refused. `false`: it had ended already.
///
/// # Errors
/// Those of the database.
pub async fn fail(
    tx: &mut Tx,
    tenant: TenantId,
    id: UploadId,
    code: &str,
    message: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE upload SET state = 'failed', problem_code = $3, problem_message = $4, updated_at = $5 \
         WHERE tenant = $1 AND id = $2 AND state IN ('open', 'receiving')",
        args![tenant, id, code, message, now],
    )
    .await
}

/// Ends uploads whose time ran out: open ones now past their end, receiving ones past it since
/// `receiving_before`. How many.
///
/// # Errors
/// Those of the database.
pub async fn expire(
    tx: &mut Tx,
    now: Timestamp,
    receiving_before: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "UPDATE upload SET state = 'expired', updated_at = $1 \
         WHERE state IN ('open', 'receiving') AND expires_at <= $1 AND (state = 'open' OR expires_at <= $2)",
        args![now, receiving_before],
    )
    .await
}
