//! The change log: what followers (event streams, caches, indexes) read, in an order in which nothing
//! is skipped.
//!
//! A sequence number alone would not do on PostgreSQL: numbers are taken before commits, so a reader
//! could pass a number whose transaction commits later. Rows therefore carry their transaction's
//! number, followers read only below the oldest transaction still open, and a cursor is (xid, seq).
//! SQLite has one writer; there xid is always 0. Transaction numbers mean nothing in another
//! cluster: whoever restores a dump there empties this table, and followers start over.

use std::fmt;
use std::str::FromStr;

use domain::{AssetId, Status, TenantId, Timestamp, UserId};

use crate::sql::{Row, args};
use crate::words::words;
use crate::{Error, Tx};

words! {
    /// What happened to an asset. The word is the event's name.
    ChangeKind {
        /// It was added.
        Created = "asset.created",
        /// Something shown of it changed.
        Updated = "asset.updated",
        /// It went to the trash.
        Trashed = "asset.trashed",
        /// It came back from the trash.
        Restored = "asset.restored",
        /// It was deleted for good.
        Deleted = "asset.deleted",
    }
}

/// A place in the log: after this row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ChangeCursor {
    /// The transaction.
    pub xid: i64,
    /// The row.
    pub seq: i64,
}

/// A change to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewChange {
    /// In which tenant.
    pub tenant: TenantId,
    /// What happened.
    pub kind: ChangeKind,
    /// To which asset.
    pub asset: AssetId,
    /// In whose library: the container that decides who may hear of it.
    pub owner: UserId,
    /// The asset's status after it.
    pub status: Option<Status>,
    /// When.
    pub at: Timestamp,
}

/// A logged change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Its place.
    pub cursor: ChangeCursor,
    /// What was logged.
    pub change: NewChange,
}

/// What follows a place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// These changes, in order; perhaps none yet.
    Changes(Vec<Change>),
    /// Rows after that place have been pruned: start over from [`head`].
    TooOld,
}

/// Logs a change.
///
/// # Errors
/// Those of the database.
pub async fn append(tx: &mut Tx, change: &NewChange) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO change (xid, tenant, kind, asset, owner, status, happened_at) \
         VALUES ({xid}, $1, $2, $3, $4, $5, $6)",
        args![
            change.tenant,
            change.kind,
            change.asset,
            change.owner,
            change.status,
            change.at
        ],
    )
    .await
    .map(drop)
}

fn cursor(row: &mut Row) -> Result<ChangeCursor, Error> {
    Ok(ChangeCursor {
        xid: row.next("xid")?,
        seq: row.next("seq")?,
    })
}

fn read(row: Row) -> Result<Change, Error> {
    let mut row = row.of("change");
    Ok(Change {
        cursor: cursor(&mut row)?,
        change: NewChange {
            tenant: row.next("tenant")?,
            kind: row.next("kind")?,
            asset: row.next("asset")?,
            owner: row.next("owner")?,
            status: row.next("status")?,
            at: row.next("happened_at")?,
        },
    })
}

/// The changes of all tenants after `after`, at most `limit`. Use it in [`crate::Db::read`], so that all
/// is one snapshot.
///
/// # Errors
/// Those of the database.
pub async fn since(tx: &mut Tx, after: ChangeCursor, limit: u32) -> Result<Since, Error> {
    if after < floor(tx).await? {
        return Ok(Since::TooOld);
    }
    let rows = tx
        .rows(
            "SELECT xid, seq, tenant, kind, asset, owner, status, happened_at FROM change \
             WHERE {after_place} AND {settled} ORDER BY {place_order} LIMIT $3",
            args![after.xid, after.seq, limit],
        )
        .await?;
    Ok(Since::Changes(
        rows.into_iter().map(read).collect::<Result<_, _>>()?,
    ))
}

/// The end of the log as a follower may read it: what comes after it is still to come.
///
/// # Errors
/// Those of the database.
pub async fn head(tx: &mut Tx) -> Result<ChangeCursor, Error> {
    let row = tx
        .row(
            "SELECT xid, seq FROM change WHERE {settled} ORDER BY {place_order_reversed} LIMIT 1",
            args![],
        )
        .await?;
    match row {
        Some(row) => cursor(&mut row.of("change")),
        None => floor(tx).await,
    }
}

/// The place before which rows have been pruned.
///
/// # Errors
/// Those of the database.
pub async fn floor(tx: &mut Tx) -> Result<ChangeCursor, Error> {
    let row = tx
        .row("SELECT xid, seq FROM change_floor WHERE one = 1", args![])
        .await?;
    row.map_or(Ok(ChangeCursor::default()), |row| {
        cursor(&mut row.of("change_floor"))
    })
}

/// Deletes the oldest rows that happened before `before`, at most `limit`. How many.
///
/// # Errors
/// Those of the database.
pub async fn prune(tx: &mut Tx, before: Timestamp, limit: u32) -> Result<u64, Error> {
    let rows = tx
        .rows(
            "SELECT xid, seq, happened_at FROM change WHERE {settled} ORDER BY {place_order} LIMIT $1",
            args![limit],
        )
        .await?;
    let mut last = None;
    for row in rows {
        let mut row = row.of("change");
        let place = cursor(&mut row)?;
        if row.next::<Timestamp>("happened_at")? >= before {
            break;
        }
        last = Some(place);
    }
    let Some(last) = last else { return Ok(0) };
    tx.execute(
        "UPDATE change_floor SET xid = $1, seq = $2 WHERE one = 1 AND (xid, seq) < ($1, $2)",
        args![last.xid, last.seq],
    )
    .await?;
    tx.execute(
        "DELETE FROM change WHERE {up_to_place}",
        args![last.xid, last.seq],
    )
    .await
}

impl fmt::Display for ChangeCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.xid, self.seq)
    }
}

/// The text was not a cursor of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a place in the change log")]
pub struct ParseChangeCursorError;

impl FromStr for ChangeCursor {
    type Err = ParseChangeCursorError;

    fn from_str(text: &str) -> Result<Self, ParseChangeCursorError> {
        let (xid, seq) = text.split_once('.').ok_or(ParseChangeCursorError)?;
        Ok(Self {
            xid: xid.parse().map_err(|_| ParseChangeCursorError)?,
            seq: seq.parse().map_err(|_| ParseChangeCursorError)?,
        })
    }
}
