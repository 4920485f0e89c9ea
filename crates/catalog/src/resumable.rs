//! Uploads that may break off and go on: how far each has come, and what became of it.
//!
//! Who may write to one is decided by its [`lease`]; every change to an open upload names the lease, so a
//! writer who was away for too long changes nothing. Bytes lie in [`parts`]. Of the owner's quota, what is
//! still coming in is `reserved`, and given back by whatever ends the upload, in the same transaction.

mod end;
pub mod lease;
pub mod parts;

use domain::{AssetId, TenantId, Timestamp, UploadId, UserId};

pub use end::{Ending, became, close, due, forget, stranded};

use crate::sql::{Row, args};
use crate::users::signed;
use crate::words::words;
use crate::{Error, Tx};

words! {
    /// What an upload is for.
    Role {
        /// It becomes an asset by itself.
        Whole = "whole",
        /// It waits to be joined with others.
        Partial = "partial",
        /// It joins others.
        Final = "final",
    }
}

words! {
    /// Where an upload stands.
    State {
        /// It takes bytes, or is being completed.
        Open = "open",
        /// It became (or was) an asset.
        Complete = "complete",
        /// It was refused.
        Failed = "failed",
        /// Its sender gave it up, or it went into a final one.
        Ended = "ended",
        /// Its time ran out.
        Expired = "expired",
    }
}

/// An upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resumable {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: UploadId,
    /// For whose library.
    pub owner: UserId,
    /// What it is for.
    pub role: Role,
    /// Where it stands.
    pub state: State,
    /// Bytes it will have; `None`: not said yet.
    pub length: Option<u64>,
    /// Bytes that are safe.
    pub received: u64,
    /// Bytes of the owner's quota that are held for it.
    pub reserved: u64,
    /// What the client says of the file, as it was sent.
    pub metadata: String,
    /// Of a final upload: the uploads it is made of, in order.
    pub partials: Vec<UploadId>,
    /// Of a partial upload: the final one that it is part of.
    pub joined_by: Option<UploadId>,
    /// What it became.
    pub asset: Option<AssetId>,
    /// That asset was there before.
    pub duplicate: bool,
    /// Why it was refused: stable word and sentence.
    pub problem: Option<(String, String)>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When it is given up, unless something arrives.
    pub expires_at: Timestamp,
}

impl Resumable {
    /// Every byte is there.
    pub fn is_full(&self) -> bool {
        self.length == Some(self.received)
    }
}

const COLUMNS: &str = "id, tenant, owner, role, state, length, received, reserved, metadata, partials, \
     joined_by, asset, duplicate, problem_code, problem_message, created_at, expires_at";

fn read(row: Row) -> Result<Resumable, Error> {
    let mut row = row.of("resumable");
    let mut upload = Resumable {
        id: row.next("id")?,
        tenant: row.next("tenant")?,
        owner: row.next("owner")?,
        role: row.next("role")?,
        state: row.next("state")?,
        length: row.next("length")?,
        received: row.next("received")?,
        reserved: row.next("reserved")?,
        metadata: row.next("metadata")?,
        partials: listed(row.next("partials")?)?,
        joined_by: row.next("joined_by")?,
        asset: row.next("asset")?,
        duplicate: row.next::<Option<bool>>("duplicate")?.unwrap_or(false),
        problem: None,
        created_at: Timestamp::from_millis(0),
        expires_at: Timestamp::from_millis(0),
    };
    let code: Option<String> = row.next("problem_code")?;
    let message: Option<String> = row.next("problem_message")?;
    upload.problem = code.zip(message);
    upload.created_at = row.next("created_at")?;
    upload.expires_at = row.next("expires_at")?;
    Ok(upload)
}

fn listed(text: Option<String>) -> Result<Vec<UploadId>, Error> {
    let text = text.unwrap_or_default();
    let ids = text.split_whitespace().map(str::parse);
    ids.collect::<Result<_, _>>()
        .map_err(|_| Error::database("the parts of an upload are not ids"))
}

fn joined(ids: &[UploadId]) -> Option<String> {
    let words: Vec<_> = ids.iter().map(UploadId::to_string).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Adds an open upload without bytes, unless its owner has `most` open ones already. `false`: so it is.
/// Call [`reserve`] before, which makes several that come at once come one by one.
///
/// # Errors
/// [`Error::Conflict`] when there is no such owner.
pub async fn insert(tx: &mut Tx, upload: &Resumable, most: u32) -> Result<bool, Error> {
    tx.changed(
        "INSERT INTO resumable (tenant, id, owner, role, state, length, received, reserved, metadata, partials, \
         created_at, updated_at, expires_at) \
         SELECT $1, $2, $3, $4, 'open', $5, $6, $7, $8, $9, $10, $10, $11 WHERE $12 > (SELECT count(*) FROM resumable \
             WHERE tenant = $1 AND owner = $3 AND state = 'open')",
        args![
            upload.tenant,
            upload.id,
            upload.owner,
            upload.role,
            upload.length.map(signed),
            signed(upload.received),
            signed(upload.reserved),
            upload.metadata.as_str(),
            joined(&upload.partials),
            upload.created_at,
            upload.expires_at,
            most
        ],
    )
    .await
}

/// The upload with that id. Whether the caller may see it, the caller's owner decides.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, tenant: TenantId, id: UploadId) -> Result<Option<Resumable>, Error> {
    let mut sql = crate::sql::Builder::new("SELECT ");
    sql.push(COLUMNS).push(" FROM resumable WHERE tenant = ");
    sql.bind(tenant).push(" AND id = ").bind(id);
    let (sql, args) = sql.finish();
    tx.row(sql, args).await?.map(read).transpose()
}

/// Open uploads of somebody, the latest first.
///
/// # Errors
/// Those of the database.
pub async fn open_of(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
    limit: u32,
) -> Result<Vec<Resumable>, Error> {
    let mut sql = crate::sql::Builder::new("SELECT ");
    sql.push(COLUMNS).push(" FROM resumable WHERE tenant = ");
    sql.bind(tenant).push(" AND owner = ").bind(owner);
    sql.push(" AND state = 'open' ORDER BY id DESC LIMIT ");
    sql.bind(limit);
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter().map(read).collect()
}

/// Holds so much of the owner's quota. `false`: there is not so much left, and nothing changed. Locks the
/// owner's row until the transaction ends.
///
/// # Errors
/// Those of the database.
pub async fn reserve(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
    bytes: u64,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE app_user SET reserved = reserved + $3 \
         WHERE tenant = $1 AND id = $2 AND ($3 = 0 OR quota IS NULL OR used + reserved + $3 <= quota)",
        args![tenant, owner, signed(bytes)],
    )
    .await
}

/// Joins open, full, partial uploads of `owner` into a final one, which keeps them until it ends. `false`:
/// one of them is not that, or belongs to another final one already.
///
/// # Errors
/// Those of the database.
pub async fn join(tx: &mut Tx, last: &Resumable, now: Timestamp) -> Result<bool, Error> {
    for partial in &last.partials {
        let joined = tx
            .changed(
                "UPDATE resumable SET joined_by = $4, expires_at = $5, updated_at = $6 \
                 WHERE tenant = $1 AND owner = $2 AND id = $3 AND role = 'partial' AND state = 'open' \
                 AND length = received AND joined_by IS NULL",
                args![
                    last.tenant,
                    last.owner,
                    *partial,
                    last.id,
                    last.expires_at,
                    now
                ],
            )
            .await?;
        if !joined {
            return Ok(false);
        }
    }
    Ok(true)
}
