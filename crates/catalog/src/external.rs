//! Folders that stay where they are: which there are, and how far their scans have come.
//!
//! What lies in one is [`entries`]. A scan is claimed under a lease like a job, because several nodes
//! may see the same folder; its number marks the entries it met, so that what it did not meet is missing.

mod entries;

use domain::{FolderId, TenantId, Timestamp, UserId};
use uuid::Uuid;

pub use entries::{
    Entry, EntryCounts, EntryState, Place, beside, counts, detach, dismiss, has_place,
    is_dismissed, known, list, mark_missing, mark_seen, others_present, places, places_of, put,
    unmet,
};

use crate::sql::{Builder, Row, args};
use crate::words::words;
use crate::{Error, Tx};

words! {
    /// What is happening to a folder.
    FolderState {
        /// A scan is wanted.
        Due = "due",
        /// It is being looked through.
        Scanning = "scanning",
        /// Nothing.
        Idle = "idle",
        /// It could not be read; what is known of it stays as it was.
        Unreachable = "unreachable",
        /// It is being let go; nothing comes in from it any more.
        Leaving = "leaving",
    }
}

/// A folder to attach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFolder<'a> {
    /// Whose tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: FolderId,
    /// In whose library its files appear.
    pub owner: UserId,
    /// Where it lies on the machine.
    pub path: &'a str,
    /// Who attached it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

/// An attached folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Folder {
    /// Whose tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: FolderId,
    /// In whose library its files appear.
    pub owner: UserId,
    /// What that person is called: the name, else the e-mail address.
    pub owner_name: String,
    /// Where it lies on the machine.
    pub path: String,
    /// What is happening to it.
    pub state: FolderState,
    /// Why it is unreachable, or what the last scan could not do.
    pub message: Option<String>,
    /// Number of the scan that runs, or ran last.
    pub scan: i64,
    /// What that scan has counted, as the one who scans writes it.
    pub progress: serde_json::Value,
    /// End of the last scan that saw everything.
    pub scanned_at: Option<Timestamp>,
    /// When it was attached.
    pub created_at: Timestamp,
}

const FOLDERS: &str = "SELECT f.id, f.tenant, f.owner, COALESCE(u.name, u.email), f.path, f.state, f.message, f.scan, \
     f.progress, f.scanned_at, f.created_at FROM external_folder f \
     JOIN app_user u ON u.tenant = f.tenant AND u.id = f.owner";

fn read(row: Row) -> Result<Folder, Error> {
    let mut row = row.of("external_folder");
    Ok(Folder {
        id: row.next("id")?,
        tenant: row.next("tenant")?,
        owner: row.next("owner")?,
        owner_name: row.next("owner_name")?,
        path: row.next("path")?,
        state: row.next("state")?,
        message: row.next("message")?,
        scan: row.next("scan")?,
        progress: row.next("progress")?,
        scanned_at: row.next("scanned_at")?,
        created_at: row.next("created_at")?,
    })
}

/// Attaches a folder; its first scan is due.
///
/// # Errors
/// [`Error::Conflict`] when the tenant has attached that path already.
pub async fn attach(tx: &mut Tx, folder: &NewFolder<'_>) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO external_folder (tenant, id, owner, path, state, progress, created_by, created_at) \
         VALUES ($1, $2, $3, $4, 'due', '{}', $5, $6)",
        args![
            folder.tenant,
            folder.id,
            folder.owner,
            folder.path,
            folder.created_by,
            folder.created_at
        ],
    )
    .await
    .map(drop)
}

/// All folders of a tenant, by path. There are few: somebody attaches each by hand.
///
/// # Errors
/// Those of the database.
pub async fn folders(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Folder>, Error> {
    let mut sql = Builder::new(FOLDERS);
    sql.push(" WHERE f.tenant = ")
        .bind(tenant)
        .push(" ORDER BY f.path LIMIT 1000");
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter().map(read).collect()
}

/// One folder.
///
/// # Errors
/// Those of the database.
pub async fn folder(tx: &mut Tx, tenant: TenantId, id: FolderId) -> Result<Option<Folder>, Error> {
    let mut sql = Builder::new(FOLDERS);
    sql.push(" WHERE f.tenant = ").bind(tenant);
    sql.push(" AND f.id = ").bind(id);
    let (sql, args) = sql.finish();
    tx.row(sql, args).await?.map(read).transpose()
}

/// Forgets a folder and its entries. Whether there was one.
///
/// # Errors
/// Those of the database.
pub async fn remove(tx: &mut Tx, tenant: TenantId, id: FolderId) -> Result<bool, Error> {
    tx.changed(
        "DELETE FROM external_folder WHERE tenant = $1 AND id = $2",
        args![tenant, id],
    )
    .await
}

/// Ends what runs on a folder and lets nothing begin any more. Whether there is such a folder.
///
/// # Errors
/// Those of the database.
pub async fn leave(tx: &mut Tx, tenant: TenantId, id: FolderId) -> Result<bool, Error> {
    tx.changed(
        "UPDATE external_folder SET state = 'leaving', lease_token = NULL WHERE tenant = $1 AND id = $2",
        args![tenant, id],
    )
    .await
}

/// Wants a scan of a folder. `false`: one is under way, or there is no such folder.
///
/// # Errors
/// Those of the database.
pub async fn want_scan(tx: &mut Tx, tenant: TenantId, id: FolderId) -> Result<bool, Error> {
    tx.changed(
        "UPDATE external_folder SET state = 'due' WHERE tenant = $1 AND id = $2 AND state NOT IN ('scanning', 'leaving')",
        args![tenant, id],
    )
    .await
}

/// Who scans, and until when that holds without a word.
#[derive(Debug, Clone, Copy)]
pub struct Lease {
    /// Who.
    pub token: Uuid,
    /// Now.
    pub now: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// Claims a folder whose scan is due: one that is wanted, whose last whole scan ended before `stale`, or
/// whose scanner has been silent for too long. `None`: nothing is to be done.
///
/// # Errors
/// Those of the database.
pub async fn claim(
    tx: &mut Tx,
    lease: Lease,
    stale: Option<Timestamp>,
) -> Result<Option<Folder>, Error> {
    let row = tx
        .row(
            "UPDATE external_folder SET state = 'scanning', scan = scan + 1, progress = '{}', message = NULL, \
             lease_token = $1, lease_until = $2 WHERE id IN (SELECT id FROM external_folder \
                 WHERE state = 'due' OR (state = 'scanning' AND lease_until < $3) \
                 OR (state IN ('idle', 'unreachable') AND lease_until < $4) \
                 ORDER BY id LIMIT 1 {skip_locked}) \
             RETURNING tenant, id",
            args![
                lease.token,
                lease.until,
                lease.now,
                stale.unwrap_or(Timestamp::from_millis(0))
            ],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut row = row.of("external_folder");
    let (tenant, id) = (row.next("tenant")?, row.next("id")?);
    folder(tx, tenant, id).await
}

/// Holds a folder for the one who scans it until the transaction ends. `false`: it is somebody else's by
/// now, or let go.
///
/// # Errors
/// Those of the database.
pub async fn hold(tx: &mut Tx, tenant: TenantId, id: FolderId, token: Uuid) -> Result<bool, Error> {
    let row = tx
        .row(
            "SELECT id FROM external_folder WHERE tenant = $1 AND id = $2 AND lease_token = $3 \
             AND state = 'scanning' {for_change}",
            args![tenant, id, token],
        )
        .await?;
    Ok(row.is_some())
}

/// Notes how far a scan has come and prolongs its lease. `false`: it is somebody else's by now, or the
/// folder is gone.
///
/// # Errors
/// Those of the database.
pub async fn keep(
    tx: &mut Tx,
    folder: &Folder,
    lease: Lease,
    progress: &serde_json::Value,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE external_folder SET progress = $4, lease_until = $5 \
         WHERE tenant = $1 AND id = $2 AND lease_token = $3 AND state = 'scanning'",
        args![
            folder.tenant,
            folder.id,
            lease.token,
            progress.to_string(),
            lease.until
        ],
    )
    .await
}

/// How a scan ended.
#[derive(Debug, Clone)]
pub struct Ended<'a> {
    /// What the folder is now.
    pub state: FolderState,
    /// What it counted.
    pub progress: &'a serde_json::Value,
    /// What it could not do.
    pub message: Option<&'a str>,
}

/// Ends a scan. `false`: it is somebody else's by now, or the folder is gone.
///
/// # Errors
/// Those of the database.
pub async fn end(
    tx: &mut Tx,
    folder: &Folder,
    lease: Lease,
    ended: &Ended<'_>,
) -> Result<bool, Error> {
    // The end of the lease is from here on when it was last looked at.
    tx.changed(
        "UPDATE external_folder SET state = $4, progress = $5, message = $6, lease_until = $7, \
         scanned_at = CASE WHEN $4 = 'idle' THEN $7 ELSE scanned_at END \
         WHERE tenant = $1 AND id = $2 AND lease_token = $3 AND state = 'scanning'",
        args![
            folder.tenant,
            folder.id,
            lease.token,
            ended.state,
            ended.progress.to_string(),
            ended.message,
            lease.now
        ],
    )
    .await
}
