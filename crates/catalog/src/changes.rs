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

use domain::{AssetId, CollectionId, Container, Status, TenantId, Timestamp, UserId};
use uuid::Uuid;

use crate::sql::{Row, args};
use crate::words::words;
use crate::{Error, Tx};

words! {
    /// What happened. The word is the event's name; what stands before the dot says what the change's
    /// subject is.
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
        /// A collection was made, changed, filled or emptied.
        CollectionUpdated = "collection.updated",
        /// A collection is gone.
        CollectionDeleted = "collection.deleted",
        /// What a user may see or do is no longer what it was.
        AccessChanged = "access.changed",
        /// There is a new message for a user.
        Notified = "notification.created",
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// In which tenant.
    pub tenant: TenantId,
    /// What happened.
    pub kind: ChangeKind,
    /// To which asset, collection or user, as the kind says.
    pub subject: Uuid,
    /// In whose library.
    pub owner: UserId,
    /// Which collections its news reaches beside that library.
    pub collections: Vec<CollectionId>,
    /// An asset's status after it.
    pub status: Option<Status>,
    /// When.
    pub at: Timestamp,
}

impl NewChange {
    /// Who may hear of it: whoever sees one of these.
    pub fn containers(&self) -> Vec<Container> {
        let collections = self.collections.iter().copied().map(Container::Collection);
        std::iter::once(Container::Owner(self.owner))
            .chain(collections)
            .collect()
    }
}

/// A logged change.
#[derive(Debug, Clone, PartialEq, Eq)]
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
        "INSERT INTO change (xid, tenant, kind, subject, owner, collections, status, happened_at) \
         VALUES ({xid}, $1, $2, $3, $4, $5, $6, $7)",
        args![
            change.tenant,
            change.kind,
            change.subject,
            change.owner,
            written(&change.collections),
            change.status,
            change.at
        ],
    )
    .await
    .map(drop)
}

/// Logs a change of an asset as it stands now, for its owner and for whoever sees it in a collection.
/// To be called before a change that hides it from them and after one that shows it. Does nothing
/// when there is no such asset.
///
/// # Errors
/// Those of the database.
pub async fn of_asset(
    tx: &mut Tx,
    tenant: TenantId,
    asset: AssetId,
    kind: ChangeKind,
    status: Option<Status>,
    at: Timestamp,
) -> Result<(), Error> {
    let row = tx
        .row(
            "SELECT owner, trashed_at IS NOT NULL OR locked = TRUE OR status = 'quarantined' FROM asset \
             WHERE tenant = $1 AND id = $2",
            args![tenant, asset],
        )
        .await?;
    let Some(row) = row else { return Ok(()) };
    let mut row = row.of("asset");
    let owner = row.next("owner")?;
    let withheld: bool = row.next("withheld")?;
    let collections = match withheld {
        true => Vec::new(),
        false => collections_of(tx, tenant, asset).await?,
    };
    let change = NewChange {
        tenant,
        kind,
        subject: asset.uuid(),
        owner,
        collections,
        status,
        at,
    };
    append(tx, &change).await
}

/// Logs that a collection, or what lies in it, has changed, for everybody who may see it. To be called
/// before it is hidden from somebody who shall hear of that.
///
/// # Errors
/// Those of the database.
pub async fn collection_updated(
    tx: &mut Tx,
    tenant: TenantId,
    about: (CollectionId, UserId),
    at: Timestamp,
) -> Result<(), Error> {
    of_collection(tx, tenant, about, ChangeKind::CollectionUpdated, at).await
}

/// Logs what happened to a collection, as [`collection_updated`] does.
///
/// # Errors
/// Those of the database.
pub async fn of_collection(
    tx: &mut Tx,
    tenant: TenantId,
    (id, owner): (CollectionId, UserId),
    kind: ChangeKind,
    at: Timestamp,
) -> Result<(), Error> {
    let change = NewChange {
        tenant,
        kind,
        subject: id.uuid(),
        owner,
        collections: vec![id],
        status: None,
        at,
    };
    append(tx, &change).await
}

/// Logs that what people may see or do is no longer what it was, for each of them.
///
/// # Errors
/// Those of the database.
pub async fn of_access(
    tx: &mut Tx,
    tenant: TenantId,
    people: impl IntoIterator<Item = UserId>,
    at: Timestamp,
) -> Result<(), Error> {
    for user in people {
        let change = NewChange {
            tenant,
            kind: ChangeKind::AccessChanged,
            subject: user.uuid(),
            owner: user,
            collections: Vec::new(),
            status: None,
            at,
        };
        append(tx, &change).await?;
    }
    Ok(())
}

async fn collections_of(
    tx: &mut Tx,
    tenant: TenantId,
    asset: AssetId,
) -> Result<Vec<CollectionId>, Error> {
    let rows = tx
        .rows(
            "SELECT collection FROM collection_asset WHERE tenant = $1 AND asset = $2 LIMIT 1000",
            args![tenant, asset],
        )
        .await?;
    rows.into_iter()
        .map(|row| row.of("collection_asset").next("collection"))
        .collect()
}

/// Ids as one text; a dump can be read, and none of the databases has to know lists.
fn written(collections: &[CollectionId]) -> String {
    let ids: Vec<_> = collections
        .iter()
        .map(|id| id.uuid().as_simple().to_string())
        .collect();
    ids.join(" ")
}

fn collections(row: &mut Row) -> Result<Vec<CollectionId>, Error> {
    let text: String = row.next("collections")?;
    text.split_ascii_whitespace()
        .map(|id| {
            id.parse().map_err(|_| Error::Inconsistent {
                table: "change",
                column: "collections",
                row: text.clone(),
            })
        })
        .collect()
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
            subject: row.next("subject")?,
            owner: row.next("owner")?,
            collections: collections(&mut row)?,
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
            "SELECT xid, seq, tenant, kind, subject, owner, collections, status, happened_at FROM change \
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
