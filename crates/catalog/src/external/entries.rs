//! Files in attached folders, as a scan last met them.

use std::collections::HashMap;

use domain::{AssetId, FolderId, Page, Sha256, TenantId, Timestamp, UserId, one_more};

use crate::sql::{Builder, Row, args};
use crate::users::signed;
use crate::words::words;
use crate::{Error, Tx};

words! {
    /// What is known of a file.
    EntryState {
        /// It was there.
        Present = "present",
        /// It is there no more. What is known of its asset stays.
        Missing = "missing",
        /// A sidecar: what it says holds of the file it lies beside.
        Beside = "beside",
        /// It is not taken in; the problem says why.
        Refused = "refused",
        /// Its owner deleted the asset for good: it does not come back.
        Dismissed = "dismissed",
    }
}

/// A file as a scan met it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// In which folder.
    pub folder: FolderId,
    /// Below the folder.
    pub path: String,
    /// What is known of it.
    pub state: EntryState,
    /// Bytes.
    pub size: u64,
    /// When it was last written to, in nanoseconds since the epoch.
    pub modified: i64,
    /// Its bytes; `None`: they could not be read.
    pub sha256: Option<Sha256>,
    /// What it shows.
    pub asset: Option<AssetId>,
    /// Why it is refused.
    pub problem: Option<String>,
    /// Since when it is in this state.
    pub state_at: Timestamp,
}

const COLUMNS: &str =
    "e.folder, e.path, e.state, e.size, e.modified, e.sha256, e.asset, e.problem, e.state_at";

fn read(row: Row) -> Result<Entry, Error> {
    let mut row = row.of("external_entry");
    Ok(Entry {
        folder: row.next("folder")?,
        path: row.next("path")?,
        state: row.next("state")?,
        size: row.next("size")?,
        modified: row.next("modified")?,
        sha256: row.next("sha256")?,
        asset: row.next("asset")?,
        problem: row.next("problem")?,
        state_at: row.next("state_at")?,
    })
}

async fn entries(tx: &mut Tx, sql: Builder) -> Result<Vec<Entry>, Error> {
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter().map(read).collect()
}

fn select(tenant: TenantId) -> Builder {
    let mut sql = Builder::new("SELECT ");
    sql.push(COLUMNS)
        .push(" FROM external_entry e WHERE e.tenant = ")
        .bind(tenant);
    sql
}

/// What is known of files of a folder, by path; at most 1000 are looked for.
///
/// # Errors
/// Those of the database.
pub async fn known(
    tx: &mut Tx,
    tenant: TenantId,
    folder: FolderId,
    paths: &[String],
) -> Result<HashMap<String, Entry>, Error> {
    let mut sql = select(tenant);
    sql.push(" AND e.folder = ")
        .bind(folder)
        .push(" AND e.path");
    sql.is_one_of(paths.iter().take(1000).map(String::as_str));
    let found = entries(tx, sql).await?;
    Ok(found
        .into_iter()
        .map(|entry| (entry.path.clone(), entry))
        .collect())
}

/// Notes that a scan met files as they were known; those that were missing are there again. At most 1000.
///
/// # Errors
/// Those of the database.
pub async fn mark_seen(
    tx: &mut Tx,
    tenant: TenantId,
    folder: FolderId,
    paths: &[String],
    scan: i64,
) -> Result<(), Error> {
    if paths.is_empty() {
        return Ok(());
    }
    let mut sql = Builder::new("UPDATE external_entry SET scan = ");
    sql.bind(scan).push(
        ", state = CASE WHEN state = 'missing' THEN 'present' ELSE state END WHERE tenant = ",
    );
    sql.bind(tenant).push(" AND folder = ").bind(folder);
    sql.push(" AND path");
    sql.is_one_of(paths.iter().take(1000).map(String::as_str));
    let (sql, args) = sql.finish();
    tx.execute(sql, args).await.map(drop)
}

/// Writes down a file as a scan met it.
///
/// # Errors
/// [`Error::Conflict`] when the folder was taken away meanwhile.
pub async fn put(tx: &mut Tx, tenant: TenantId, entry: &Entry, scan: i64) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO external_entry (tenant, folder, path, state, size, modified, sha256, asset, problem, scan, state_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (tenant, folder, path) DO UPDATE SET state = excluded.state, size = excluded.size, \
         modified = excluded.modified, sha256 = excluded.sha256, asset = excluded.asset, problem = excluded.problem, \
         scan = excluded.scan, state_at = excluded.state_at",
        args![
            tenant,
            entry.folder,
            entry.path.as_str(),
            entry.state,
            signed(entry.size),
            entry.modified,
            entry.sha256,
            entry.asset,
            entry.problem.as_deref(),
            scan,
            entry.state_at
        ],
    )
    .await
    .map(drop)
}

/// Files that were there before a scan and that it did not meet, in the order of their paths after
/// `after`.
///
/// # Errors
/// Those of the database.
pub async fn unmet(
    tx: &mut Tx,
    tenant: TenantId,
    folder: FolderId,
    scan: i64,
    after: &str,
    limit: u32,
) -> Result<Vec<Entry>, Error> {
    let mut sql = select(tenant);
    sql.push(" AND e.folder = ").bind(folder);
    sql.push(" AND e.path > ").bind(after);
    sql.push(" AND e.scan <> ").bind(scan);
    sql.push(" AND e.state <> 'missing' ORDER BY e.path LIMIT ");
    sql.bind(i64::from(limit));
    entries(tx, sql).await
}

/// The asset that a sidecar belongs to: that of the file whose name it bears, with `name` the sidecar's
/// path without its ending (`IMG_1.jpg` of `IMG_1.jpg.xmp`), or else of the first file that bears the name
/// with another ending (`IMG_1.jpg` of `IMG_1.xmp`).
///
/// # Errors
/// Those of the database.
pub async fn beside(
    tx: &mut Tx,
    tenant: TenantId,
    folder: FolderId,
    name: &str,
) -> Result<Option<AssetId>, Error> {
    // What bears the name with an ending lies between the name with a dot and with the character after it.
    let row = tx
        .row(
            "SELECT asset FROM external_entry WHERE tenant = $1 AND folder = $2 AND state = 'present' \
             AND (path = $3 OR (path > $4 AND path < $5)) ORDER BY path LIMIT 1",
            args![
                tenant,
                folder,
                name,
                format!("{name}."),
                format!("{name}/")
            ],
        )
        .await?;
    match row {
        Some(row) => row.of("external_entry").next("asset"),
        None => Ok(None),
    }
}

/// Whether an asset still shows at another path than this one.
///
/// # Errors
/// Those of the database.
pub async fn others_present(tx: &mut Tx, tenant: TenantId, entry: &Entry) -> Result<bool, Error> {
    let row = tx
        .row(
            "SELECT 1 FROM external_entry WHERE tenant = $1 AND asset = $2 AND state = 'present' \
             AND NOT (folder = $3 AND path = $4) LIMIT 1",
            args![tenant, entry.asset, entry.folder, entry.path.as_str()],
        )
        .await?;
    Ok(row.is_some())
}

/// A file is there no more. One whose asset shows at another path was moved, and one that was refused or
/// dismissed is of no interest: those rows go. Whether the file is missing from now on.
///
/// # Errors
/// Those of the database.
pub async fn mark_missing(
    tx: &mut Tx,
    tenant: TenantId,
    entry: &Entry,
    now: Timestamp,
) -> Result<bool, Error> {
    if entry.state != EntryState::Present || others_present(tx, tenant, entry).await? {
        tx.execute(
            "DELETE FROM external_entry WHERE tenant = $1 AND folder = $2 AND path = $3",
            args![tenant, entry.folder, entry.path.as_str()],
        )
        .await?;
        return Ok(false);
    }
    tx.changed(
        "UPDATE external_entry SET state = 'missing', state_at = $4 WHERE tenant = $1 AND folder = $2 AND path = $3",
        args![tenant, entry.folder, entry.path.as_str(), now],
    )
    .await
}

/// Whether an asset has, or had, a place in a folder.
///
/// # Errors
/// Those of the database.
pub async fn has_place(tx: &mut Tx, tenant: TenantId, asset: AssetId) -> Result<bool, Error> {
    let row = tx
        .row(
            "SELECT 1 FROM external_entry WHERE tenant = $1 AND asset = $2 LIMIT 1",
            args![tenant, asset],
        )
        .await?;
    Ok(row.is_some())
}

/// Whether a user deleted these bytes for good while they lay in a folder.
///
/// # Errors
/// Those of the database.
pub async fn is_dismissed(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
    sha256: Sha256,
) -> Result<bool, Error> {
    let row = tx
        .row(
            "SELECT 1 FROM external_entry e JOIN external_folder f ON f.tenant = e.tenant AND f.id = e.folder \
             WHERE e.tenant = $1 AND e.sha256 = $2 AND e.state = 'dismissed' AND f.owner = $3 LIMIT 1",
            args![tenant, sha256, owner],
        )
        .await?;
    Ok(row.is_some())
}

/// An asset is deleted for good: its files stay where they are and do not come back.
///
/// # Errors
/// Those of the database.
pub async fn dismiss(
    tx: &mut Tx,
    tenant: TenantId,
    asset: AssetId,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE external_entry SET state = 'dismissed', asset = NULL, state_at = $3 WHERE tenant = $1 AND asset = $2",
        args![tenant, asset, now],
    )
    .await
    .map(drop)
}

/// A file that can be read: where, and what it must still be for its bytes to be the ones asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The folder.
    pub root: String,
    /// Below it.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// When it was last written to, in nanoseconds since the epoch.
    pub modified: i64,
}

/// Where these bytes lie; at most eight places.
///
/// # Errors
/// Those of the database.
pub async fn places(tx: &mut Tx, tenant: TenantId, sha256: Sha256) -> Result<Vec<Place>, Error> {
    let rows = tx
        .rows(
            "SELECT f.path, e.path, e.size, e.modified FROM external_entry e \
             JOIN external_folder f ON f.tenant = e.tenant AND f.id = e.folder \
             WHERE e.tenant = $1 AND e.sha256 = $2 AND e.state IN ('present', 'missing') \
             ORDER BY e.state DESC, e.path LIMIT 8",
            args![tenant, sha256],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("external_entry");
            Ok(Place {
                root: row.next("root")?,
                path: row.next("path")?,
                size: row.next("size")?,
                modified: row.next("modified")?,
            })
        })
        .collect()
}

/// The places of an asset in folders, with the folders' paths; at most 100.
///
/// # Errors
/// Those of the database.
pub async fn places_of(
    tx: &mut Tx,
    tenant: TenantId,
    asset: AssetId,
) -> Result<Vec<(String, Entry)>, Error> {
    let mut sql = Builder::new("SELECT f.path, ");
    sql.push(COLUMNS).push(
        " FROM external_entry e JOIN external_folder f ON f.tenant = e.tenant AND f.id = e.folder \
         WHERE e.tenant = ",
    );
    sql.bind(tenant).push(" AND e.asset = ").bind(asset);
    sql.push(" ORDER BY e.state DESC, e.path LIMIT 100");
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("external_entry");
            let root = row.next("root")?;
            Ok((root, read(row)?))
        })
        .collect()
}

/// A page of a folder's files in one state, by path after `after`.
///
/// # Errors
/// Those of the database.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    folder: FolderId,
    state: EntryState,
    after: &str,
    limit: u32,
) -> Result<Page<Entry>, Error> {
    let mut sql = select(tenant);
    sql.push(" AND e.folder = ").bind(folder);
    sql.push(" AND e.state = ").bind(state);
    sql.push(" AND e.path > ").bind(after);
    sql.push(" ORDER BY e.path LIMIT ").bind(one_more(limit));
    let found = entries(tx, sql).await?;
    Ok(Page::cut(found, limit, |entry| entry.path.clone()))
}

/// How many files of a folder are in each state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EntryCounts {
    /// There.
    pub present: u64,
    /// There no more.
    pub missing: u64,
    /// Sidecars of others.
    pub beside: u64,
    /// Not taken in.
    pub refused: u64,
    /// Deleted by their owner.
    pub dismissed: u64,
}

/// Counts the files of a folder.
///
/// # Errors
/// Those of the database.
pub async fn counts(tx: &mut Tx, tenant: TenantId, folder: FolderId) -> Result<EntryCounts, Error> {
    let rows = tx
        .rows(
            "SELECT state, count(*) FROM external_entry WHERE tenant = $1 AND folder = $2 GROUP BY state",
            args![tenant, folder],
        )
        .await?;
    let mut counts = EntryCounts::default();
    for row in rows {
        let mut row = row.of("external_entry");
        let state = row.next("state")?;
        let count = row.next("count")?;
        match state {
            EntryState::Present => counts.present = count,
            EntryState::Missing => counts.missing = count,
            EntryState::Beside => counts.beside = count,
            EntryState::Refused => counts.refused = count,
            EntryState::Dismissed => counts.dismissed = count,
        }
    }
    Ok(counts)
}

/// Takes places of assets away from a folder that is let go, a page at a time; gives the assets that
/// lie nowhere else: neither in the store nor in another folder. An empty page is the end.
///
/// # Errors
/// Those of the database.
pub async fn detach(
    tx: &mut Tx,
    tenant: TenantId,
    folder: FolderId,
    limit: u32,
) -> Result<Option<Vec<AssetId>>, Error> {
    let rows = tx
        .rows(
            "DELETE FROM external_entry WHERE tenant = $1 AND folder = $2 AND path IN (SELECT path FROM external_entry \
                 WHERE tenant = $1 AND folder = $2 ORDER BY path LIMIT $3) RETURNING asset",
            args![tenant, folder, i64::from(limit)],
        )
        .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut assets = Vec::with_capacity(rows.len());
    for row in rows {
        let asset: Option<AssetId> = row.of("external_entry").next("asset")?;
        assets.extend(asset);
    }
    assets.sort_unstable();
    assets.dedup();
    let mut homeless = Vec::new();
    for asset in assets {
        if lies_nowhere(tx, tenant, asset).await? {
            homeless.push(asset);
        }
    }
    Ok(Some(homeless))
}

async fn lies_nowhere(tx: &mut Tx, tenant: TenantId, asset: AssetId) -> Result<bool, Error> {
    let row = tx
        .row(
            "SELECT 1 FROM asset a JOIN version_file f ON f.tenant = a.tenant AND f.version = a.version \
             AND f.sha256 = a.sha256 \
             JOIN blob_copy c ON c.tenant = f.tenant AND c.blob = f.blob AND c.store = 'external' \
             WHERE a.tenant = $1 AND a.id = $2 AND NOT EXISTS (SELECT 1 FROM external_entry e \
                 WHERE e.tenant = $1 AND e.sha256 = a.sha256 AND e.state IN ('present', 'missing')) LIMIT 1",
            args![tenant, asset],
        )
        .await?;
    Ok(row.is_some())
}
