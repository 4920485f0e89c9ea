//! The bytes of uploads: objects behind the gate, each with its place in the file.

use std::collections::HashSet;

use domain::{BlobId, TenantId, Timestamp, UploadId};

use super::lease::{Heard, Key};
use crate::sql::{Builder, Row, args};
use crate::users::signed;
use crate::{Error, Tx};

/// Some of a file's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Whose tenant.
    pub tenant: TenantId,
    /// Which upload.
    pub upload: UploadId,
    /// Place of its first byte in the upload.
    pub start: u64,
    /// Bytes.
    pub size: u64,
    /// Binds the object's encryption.
    pub blob: BlobId,
    /// The object's name in the store.
    pub object: String,
}

fn read(row: Row) -> Result<Part, Error> {
    let mut row = row.of("resumable_part");
    Ok(Part {
        tenant: row.next("tenant")?,
        upload: row.next("upload")?,
        start: row.next("start")?,
        size: row.next("size")?,
        blob: row.next("blob")?,
        object: row.next("object")?,
    })
}

/// How far an upload comes by what is added to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advance {
    /// Bytes that were safe before.
    pub from: u64,
    /// Bytes that are safe now.
    pub to: u64,
    /// Bytes of the quota that are held for it from now on; see [`super::reserve`].
    pub reserved: u64,
    /// Its length, if it is said now.
    pub length: Option<u64>,
    /// Until when the lease holds now.
    pub lease_until: Timestamp,
    /// When the upload is given up now.
    pub expires_at: Timestamp,
    /// Now.
    pub now: Timestamp,
}

/// Moves an upload on, by its holder alone.
///
/// # Errors
/// Those of the database.
pub async fn advance(tx: &mut Tx, key: Key, step: &Advance) -> Result<Heard, Error> {
    let row = tx
        .row(
            "UPDATE resumable SET received = $5, reserved = $6, length = COALESCE(length, $7), lease_until = $8, \
             expires_at = $9, updated_at = $10 \
             WHERE tenant = $1 AND id = $2 AND lease_token = $3 AND state = 'open' AND received = $4 \
             AND role <> 'final' AND joined_by IS NULL RETURNING wanted_by",
            args![
                key.tenant,
                key.upload,
                key.token,
                signed(step.from),
                signed(step.to),
                signed(step.reserved),
                step.length.map(signed),
                step.lease_until,
                step.expires_at,
                step.now
            ],
        )
        .await?;
    let Some(row) = row else {
        return Ok(Heard::Lost);
    };
    let wanted: Option<uuid::Uuid> = row.of("resumable").next("wanted_by")?;
    Ok(wanted.map_or(Heard::Held, |_| Heard::Wanted))
}

/// Adds a part, in the place of the one that began there before: it holds those bytes, too. Belongs into
/// the transaction of [`advance`].
///
/// # Errors
/// Those of the database.
pub async fn put(tx: &mut Tx, part: &Part) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO resumable_part (tenant, upload, start, size, blob, object) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (tenant, upload, start) DO UPDATE SET size = EXCLUDED.size, blob = EXCLUDED.blob, \
         object = EXCLUDED.object",
        args![
            part.tenant,
            part.upload,
            signed(part.start),
            signed(part.size),
            part.blob,
            part.object.as_str()
        ],
    )
    .await
    .map(drop)
}

/// Parts of an upload in order, from the byte `start` on.
///
/// # Errors
/// Those of the database.
pub async fn from(
    tx: &mut Tx,
    tenant: TenantId,
    upload: UploadId,
    start: u64,
    limit: u32,
) -> Result<Vec<Part>, Error> {
    let rows = tx
        .rows(
            "SELECT tenant, upload, start, size, blob, object FROM resumable_part \
             WHERE tenant = $1 AND upload = $2 AND start >= $3 ORDER BY start LIMIT $4",
            args![tenant, upload, signed(start), limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// The last part of an upload.
///
/// # Errors
/// Those of the database.
pub async fn last(tx: &mut Tx, tenant: TenantId, upload: UploadId) -> Result<Option<Part>, Error> {
    tx.row(
        "SELECT tenant, upload, start, size, blob, object FROM resumable_part \
         WHERE tenant = $1 AND upload = $2 ORDER BY start DESC LIMIT 1",
        args![tenant, upload],
    )
    .await?
    .map(read)
    .transpose()
}

/// Parts of uploads that have ended: delete their objects, then [`remove`] them.
///
/// # Errors
/// Those of the database.
pub async fn spent(tx: &mut Tx, limit: u32) -> Result<Vec<Part>, Error> {
    let rows = tx
        .rows(
            "SELECT p.tenant, p.upload, p.start, p.size, p.blob, p.object FROM resumable u \
             JOIN resumable_part p ON p.tenant = u.tenant AND p.upload = u.id \
             WHERE u.state <> 'open' LIMIT $1",
            args![limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Forgets parts whose objects are deleted.
///
/// # Errors
/// Those of the database.
pub async fn remove(tx: &mut Tx, parts: &[Part]) -> Result<(), Error> {
    for part in parts {
        tx.execute(
            "DELETE FROM resumable_part WHERE tenant = $1 AND upload = $2 AND start = $3 AND blob = $4",
            args![part.tenant, part.upload, signed(part.start), part.blob],
        )
        .await?;
    }
    Ok(())
}

/// Which of these ids belong to parts: their objects are not orphans. At most 1000 are looked for at a
/// time.
///
/// # Errors
/// Those of the database.
pub async fn known(tx: &mut Tx, ids: &[BlobId]) -> Result<HashSet<BlobId>, Error> {
    let mut found = HashSet::new();
    for ids in ids.chunks(1000) {
        let mut sql = Builder::new("SELECT blob FROM resumable_part WHERE blob");
        sql.is_one_of(ids.iter().copied());
        let (sql, args) = sql.finish();
        for row in tx.rows(sql, args).await? {
            found.insert(row.of("resumable_part").next("blob")?);
        }
    }
    Ok(found)
}
