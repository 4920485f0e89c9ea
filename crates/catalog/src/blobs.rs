//! Stored bytes: who they are, who refers to them, and where copies lie.
//!
//! A blob is live, then condemned, then gone, and never goes back. `version_file` rows are the
//! references; `refs` counts them in the same transaction and is the row that adopters and the
//! condemner meet at, so one of them always sees the other.

mod copies;
mod due;
mod external;
mod heal;
mod upkeep;

use domain::{BlobId, Sha256, TenantId, Timestamp};

pub use copies::{
    BlobCopy, CopyState, CopySums, StoreRole, all_missing, any_stored, copies, copy_sums,
    count_unchecked, forget_store, looked_at, mark, put_copy, recast, suspect, suspect_unsound,
    unchecked, unsound,
};
pub use due::{Behind, Due, backfill, behind, copied, copy_due, hurry, next_due, put_off};
pub use external::{Met, adopt_in_place, is_external};
pub use heal::heal;
pub use upkeep::{
    Recounted, all, condemn_unreferenced, condemned_in, drop_copy, forsaken, known,
    live_by_objects, mark_gone, recount,
};

use crate::sql::{Row, args};
use crate::users::signed;
use crate::words::words;
use crate::{Error, Tx};

/// A commit refuses an object finished longer ago than this (12 h): the sweep takes uncatalogued
/// objects after 24 h, and the two must never meet.
pub const ADOPTABLE_MILLIS: i64 = 12 * 60 * 60 * 1000;

words! {
    /// A blob's life.
    BlobState {
        /// May be read and referred to.
        Live = "live",
        /// Nothing refers to it; its object is about to be deleted.
        Condemned = "condemned",
        /// Its object is deleted.
        Gone = "gone",
    }
}

/// Some stored bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// Whose.
    pub tenant: TenantId,
    /// Its id; part of the object's name and encryption context.
    pub id: BlobId,
    /// Digest of the bytes.
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
    /// Bytes in the store, encryption included.
    pub stored_size: u64,
    /// The object's name in the store.
    pub object: String,
    /// Its life.
    pub state: BlobState,
    /// How many `version_file` rows refer to it.
    pub refs: u64,
    /// When it was adopted.
    pub created_at: Timestamp,
}

/// An object the gate has made durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished<'a> {
    /// Whose.
    pub tenant: TenantId,
    /// Its id.
    pub id: BlobId,
    /// Digest of the bytes.
    pub sha256: Sha256,
    /// Bytes.
    pub size: u64,
    /// Bytes in the store.
    pub stored_size: u64,
    /// The object's name in the store.
    pub object: &'a str,
    /// When the gate finished it.
    pub finished_at: Timestamp,
}

/// What became of a finished object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Adopted {
    /// It is the catalog's now.
    Ours(Blob),
    /// The same bytes are stored already: use that blob, delete the object after the commit.
    Existing(Blob),
    /// It was finished too long ago; the sweep may be about to take it. Send the bytes again.
    TooOld,
}

/// What [`read`] reads, of a `blob b`.
macro_rules! columns {
    () => {
        "b.id, b.tenant, b.sha256, b.size, b.stored_size, b.object, b.state, b.refs, b.created_at"
    };
}
use columns;

fn read(row: Row) -> Result<Blob, Error> {
    let mut row = row.of("blob");
    Ok(Blob {
        id: row.next("id")?,
        tenant: row.next("tenant")?,
        sha256: row.next("sha256")?,
        size: row.next("size")?,
        stored_size: row.next("stored_size")?,
        object: row.next("object")?,
        state: row.next("state")?,
        refs: row.next("refs")?,
        created_at: row.next("created_at")?,
    })
}

/// Takes a finished object into the catalog, or finds the live blob with the same bytes. Either way
/// the blob cannot be condemned before this transaction ends. References are counted by
/// [`crate::versions::insert`].
///
/// # Errors
/// Those of the database.
pub async fn adopt(tx: &mut Tx, object: &Finished<'_>, now: Timestamp) -> Result<Adopted, Error> {
    if now.millis().saturating_sub(object.finished_at.millis()) > ADOPTABLE_MILLIS {
        return Ok(Adopted::TooOld);
    }
    // The update changes nothing but locks the row that is there.
    let row = tx
        .row(
            "INSERT INTO blob (tenant, id, sha256, size, stored_size, object, state, created_at, state_at) \
             VALUES ($1, $2, $3, $4, $5, $6, 'live', $7, $7) \
             ON CONFLICT (tenant, sha256) WHERE state = 'live' DO UPDATE SET refs = blob.refs \
             RETURNING id, tenant, sha256, size, stored_size, object, state, refs, created_at",
            args![
                object.tenant,
                object.id,
                object.sha256,
                signed(object.size),
                signed(object.stored_size),
                object.object,
                now
            ],
        )
        .await?;
    let blob = read(row.ok_or(Error::Busy)?)?;
    Ok(if blob.id == object.id {
        Adopted::Ours(blob)
    } else {
        Adopted::Existing(blob)
    })
}

/// The blob with that id, whatever its state.
///
/// # Errors
/// Those of the database.
pub async fn by_id(tx: &mut Tx, tenant: TenantId, id: BlobId) -> Result<Option<Blob>, Error> {
    tx.row(
        "SELECT id, tenant, sha256, size, stored_size, object, state, refs, created_at FROM blob \
         WHERE tenant = $1 AND id = $2",
        args![tenant, id],
    )
    .await?
    .map(read)
    .transpose()
}

/// The live blob with those bytes.
///
/// # Errors
/// Those of the database.
pub async fn live(tx: &mut Tx, tenant: TenantId, sha256: Sha256) -> Result<Option<Blob>, Error> {
    tx.row(
        "SELECT id, tenant, sha256, size, stored_size, object, state, refs, created_at FROM blob \
         WHERE tenant = $1 AND sha256 = $2 AND state = 'live'",
        args![tenant, sha256],
    )
    .await?
    .map(read)
    .transpose()
}

/// Counts one more reference. `false`: the blob is not live any more.
pub(crate) async fn add_reference(
    tx: &mut Tx,
    tenant: TenantId,
    id: BlobId,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE blob SET refs = refs + 1 WHERE tenant = $1 AND id = $2 AND state = 'live'",
        args![tenant, id],
    )
    .await
}

/// Counts `count` references less; the grace period before condemning starts when none is left.
pub(crate) async fn release_references(
    tx: &mut Tx,
    tenant: TenantId,
    id: BlobId,
    count: i64,
    now: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE blob SET refs = CASE WHEN refs > $3 THEN refs - $3 ELSE 0 END, state_at = $4 \
         WHERE tenant = $1 AND id = $2",
        args![tenant, id, count, now],
    )
    .await
    .map(drop)
}
