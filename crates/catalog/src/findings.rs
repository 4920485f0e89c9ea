//! Copies that were not what they ought to be, and what became of them.

use std::collections::HashMap;

use domain::{AssetId, BlobId, Page, TenantId, Timestamp, UserId, one_more};
use uuid::Uuid;

use crate::blobs::StoreRole;
use crate::sql::{Builder, Row, args};
use crate::words::words;
use crate::{Error, Tx};

words! {
    /// What is wrong with a copy.
    FindingKind {
        /// It is not what was written.
        Damaged = "damaged",
        /// It is not there.
        Missing = "missing",
        /// The store works and cannot give it.
        Unreadable = "unreadable",
    }
}

words! {
    /// Who noticed.
    FoundBy {
        /// The slow reading of everything.
        Scrub = "scrub",
        /// A check that somebody asked for.
        Check = "check",
        /// Somebody who wanted its bytes.
        Read = "read",
    }
}

words! {
    /// What became of it.
    FindingOutcome {
        /// Nothing yet.
        Open = "open",
        /// Its bytes were brought back from another copy.
        Repaired = "repaired",
        /// It was read whole again without a repair.
        Sound = "sound",
        /// The same bytes came again and took its place.
        Replaced = "replaced",
        /// Nothing referred to it any more.
        Dropped = "dropped",
    }
}

/// One copy that is or was not as it ought to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whose.
    pub tenant: TenantId,
    /// UUIDv7: sorts by time.
    pub id: Uuid,
    /// Which blob.
    pub blob: BlobId,
    /// The copy in which store.
    pub store: StoreRole,
    /// What is wrong.
    pub kind: FindingKind,
    /// As it was found, in words.
    pub reason: String,
    /// Who noticed.
    pub found_by: FoundBy,
    /// When.
    pub found_at: Timestamp,
    /// What became of it.
    pub outcome: FindingOutcome,
    /// Since when that holds.
    pub outcome_at: Timestamp,
    /// Why it could not be repaired, when that was tried last.
    pub problem: Option<String>,
}

/// Writes down what was found, unless that copy is known to be wrong. Whether it was news.
///
/// # Errors
/// Those of the database.
pub async fn report(tx: &mut Tx, finding: &Finding) -> Result<bool, Error> {
    tx.changed(
        "INSERT INTO finding (tenant, id, blob, store, kind, reason, found_by, found_at, outcome, outcome_at, problem) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $8, $9) \
         ON CONFLICT (tenant, blob, store) WHERE outcome = 'open' DO NOTHING",
        args![
            finding.tenant,
            finding.id,
            finding.blob,
            finding.store,
            finding.kind,
            finding.reason.as_str(),
            finding.found_by,
            finding.found_at,
            finding.problem.as_deref()
        ],
    )
    .await
}

/// Writes down what became of a copy that was wrong. Whether one was open.
///
/// # Errors
/// Those of the database.
pub async fn conclude(
    tx: &mut Tx,
    tenant: TenantId,
    blob: BlobId,
    store: StoreRole,
    outcome: FindingOutcome,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE finding SET outcome = $4, outcome_at = $5, problem = NULL \
         WHERE tenant = $1 AND blob = $2 AND store = $3 AND outcome = 'open'",
        args![tenant, blob, store, outcome, now],
    )
    .await
}

/// The same for every copy of a blob.
///
/// # Errors
/// Those of the database.
pub async fn conclude_all(
    tx: &mut Tx,
    tenant: TenantId,
    blob: BlobId,
    outcome: FindingOutcome,
    now: Timestamp,
) -> Result<u64, Error> {
    tx.execute(
        "UPDATE finding SET outcome = $3, outcome_at = $4, problem = NULL \
         WHERE tenant = $1 AND blob = $2 AND outcome = 'open'",
        args![tenant, blob, outcome, now],
    )
    .await
}

/// Writes down why a copy could not be repaired.
///
/// # Errors
/// Those of the database.
pub async fn not_repaired(
    tx: &mut Tx,
    tenant: TenantId,
    blob: BlobId,
    store: StoreRole,
    problem: &str,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE finding SET problem = $4 WHERE tenant = $1 AND blob = $2 AND store = $3 AND outcome = 'open'",
        args![tenant, blob, store, problem],
    )
    .await
}

/// How many are open.
///
/// # Errors
/// Those of the database.
pub async fn open(tx: &mut Tx) -> Result<u64, Error> {
    let row = tx
        .row(
            "SELECT count(*) FROM finding WHERE outcome = 'open'",
            args![],
        )
        .await?;
    row.map_or(Ok(0), |row| row.of("finding").next("count"))
}

/// Findings of the whole installation, newest first, before the one with the id `before`.
///
/// # Errors
/// Those of the database.
pub async fn list(
    tx: &mut Tx,
    open: bool,
    before: Option<Uuid>,
    limit: u32,
) -> Result<Page<Finding, Uuid>, Error> {
    let mut sql = Builder::new(
        "SELECT tenant, id, blob, store, kind, reason, found_by, found_at, outcome, outcome_at, problem \
         FROM finding WHERE TRUE",
    );
    if open {
        sql.push(" AND outcome = 'open'");
    }
    if let Some(before) = before {
        sql.push(" AND id < ").bind(before);
    }
    sql.push(" ORDER BY id DESC LIMIT ").bind(one_more(limit));
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    let found = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(Page::cut(found, limit, |finding: &Finding| finding.id))
}

fn read(row: Row) -> Result<Finding, Error> {
    let mut row = row.of("finding");
    Ok(Finding {
        tenant: row.next("tenant")?,
        id: row.next("id")?,
        blob: row.next("blob")?,
        store: row.next("store")?,
        kind: row.next("kind")?,
        reason: row.next("reason")?,
        found_by: row.next("found_by")?,
        found_at: row.next("found_at")?,
        outcome: row.next("outcome")?,
        outcome_at: row.next("outcome_at")?,
        problem: row.next("problem")?,
    })
}

/// An asset that has, in one of its versions, a file that was found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affected {
    /// The asset.
    pub asset: AssetId,
    /// The file's name; `None` when it lies behind its owner's lock.
    pub file_name: Option<String>,
    /// Whose it is.
    pub owner: UserId,
    /// What its owner is called.
    pub owner_name: String,
}

/// Rows looked at for a page of findings: one file may be in very many assets.
const MAX_ROWS: u32 = 10_000;

/// The assets that blobs belong to, at most `each` for every blob.
///
/// # Errors
/// Those of the database.
pub async fn affected(
    tx: &mut Tx,
    blobs: &[BlobId],
    each: usize,
) -> Result<HashMap<BlobId, Vec<Affected>>, Error> {
    let mut sql = Builder::new(
        "SELECT f.blob, a.id, v.file_name, a.locked, a.owner, COALESCE(u.name, u.email) \
         FROM version_file f JOIN version v ON v.tenant = f.tenant AND v.id = f.version \
         JOIN asset a ON a.tenant = v.tenant AND a.id = v.asset \
         JOIN app_user u ON u.tenant = a.tenant AND u.id = a.owner WHERE f.blob",
    );
    sql.is_one_of(blobs.iter().copied());
    sql.push(" ORDER BY f.blob, a.id, v.number DESC LIMIT ")
        .bind(MAX_ROWS);
    let (sql, args) = sql.finish();
    let mut found: HashMap<BlobId, Vec<Affected>> = HashMap::new();
    for row in tx.rows(sql, args).await? {
        let mut row = row.of("asset");
        let blob: BlobId = row.next("blob")?;
        let asset: AssetId = row.next("id")?;
        let file_name: String = row.next("file_name")?;
        let locked: bool = row.next("locked")?;
        let of_blob = found.entry(blob).or_default();
        // Several versions of one asset may share the bytes.
        if of_blob.len() >= each || of_blob.iter().any(|known| known.asset == asset) {
            continue;
        }
        of_blob.push(Affected {
            asset,
            file_name: (!locked).then_some(file_name),
            owner: row.next("owner")?,
            owner_name: row.next("owner_name")?,
        });
    }
    Ok(found)
}
