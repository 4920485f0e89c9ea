//! A person's changes to an asset. Every edit leaves a revision, from which it can be undone.

mod changes;
mod revision;
mod saying;

use domain::{AssetId, BatchId, LocalTime, Place, Timestamp, UserId, Visibility};
use serde_json::Value;

use super::{AssetRow, get, tags};
use crate::sql::args;
use crate::sql::{Builder, Row};
use crate::visibility::admitted;
use crate::words::words;
use crate::{Error, Tx};
use changes::Changes;
use saying::Saying;

pub use revision::{Revision, Undone, of_batch, revisions, undo};

words! {
    /// What both a person and the file may say of an asset.
    FileFact {
        /// Its title.
        Title = "title",
        /// Its description.
        Description = "description",
        /// Its stars.
        Rating = "rating",
        /// When it was taken.
        Captured = "captured_at",
        /// Where it was taken.
        Place = "location",
    }
}

/// A change; `None` leaves a field alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Patch {
    /// `Some(None)`: no title, not even the file's.
    pub title: Option<Option<String>>,
    /// `Some(None)`: no description, not even the file's.
    pub description: Option<Option<String>>,
    /// `Some(None)`: unrated, whatever the file says.
    pub rating: Option<Option<u8>>,
    /// `Some(None)`: back to the file's.
    pub captured: Option<Option<LocalTime>>,
    /// `Some(None)`: nowhere, whatever the file says.
    pub place: Option<Option<Place>>,
    /// Back to what the file says.
    pub use_file: Vec<FileFact>,
    /// Moves the capture time that holds by so many seconds.
    pub shift_captured: Option<i64>,
    /// Marked or not.
    pub favourite: Option<bool>,
    /// Out of the way or not.
    pub archived: Option<bool>,
    /// Behind the locked folder's door or not.
    pub locked: Option<bool>,
    /// All tags, as written.
    pub tags: Option<Vec<String>>,
    /// Tags to bear beside those it has.
    pub add_tags: Vec<String>,
    /// Tags to bear no longer, however spelled.
    pub remove_tags: Vec<String>,
    /// All of the owner's own fields: a JSON object.
    pub metadata: Option<Value>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Patched {
    /// Done; the asset's revision is now this.
    Done(u64),
    /// The asset is as wanted already.
    Unchanged,
    /// The asset has another revision than expected.
    Stale,
    /// It cannot be done with this asset, and why.
    Impossible(&'static str),
    /// There is no such visible asset.
    Missing,
}

/// By whom and when something is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Editor {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// The edits it is one of, when many are made as one.
    pub batch: Option<BatchId>,
}

/// Changes a visible asset and keeps what it was: a revision row with the changed fields before and
/// after. With `expected`, only that revision of the asset is changed.
///
/// # Errors
/// Those of the database.
pub async fn patch(
    tx: &mut Tx,
    visibility: &Visibility,
    id: AssetId,
    patch: &Patch,
    by: UserId,
    expected: Option<u64>,
    now: Timestamp,
) -> Result<Patched, Error> {
    let editor = Editor {
        by,
        at: now,
        batch: None,
    };
    patch_as(tx, visibility, id, patch, editor, expected).await
}

/// [`patch`], perhaps as one of many.
///
/// # Errors
/// Those of the database.
pub async fn patch_as(
    tx: &mut Tx,
    visibility: &Visibility,
    id: AssetId,
    patch: &Patch,
    editor: Editor,
    expected: Option<u64>,
) -> Result<Patched, Error> {
    let Some((before, said)) = hold(tx, visibility, id).await? else {
        return Ok(Patched::Missing);
    };
    if expected.is_some_and(|revision| revision != before.revision) {
        return Ok(Patched::Stale);
    }
    match Saying::of(patch, &before) {
        Ok(saying) => say(tx, &before, &said, &saying, editor).await,
        Err(why) => Ok(Patched::Impossible(why)),
    }
}

/// Writes what is said now, and that it was.
async fn say(
    tx: &mut Tx,
    before: &AssetRow,
    said: &Saying,
    saying: &Saying,
    editor: Editor,
) -> Result<Patched, Error> {
    let after = saying.applied_to(before);
    let changes = Changes::between(before, &after, said, saying);
    if changes.is_empty() {
        return Ok(Patched::Unchanged);
    }
    saying.store(tx, before, editor.at).await?;
    if let Some(labels) = &saying.tags {
        tags::set(tx, before.tenant, before.id, labels).await?;
        // They are all there are: keywords of a file that is not looked at yet do not join them.
        tx.execute(
            "UPDATE asset SET keywords_of = sha256 WHERE tenant = $1 AND id = $2",
            args![before.tenant, before.id],
        )
        .await?;
    }
    after
        .as_said()
        .with(&after.facts)
        .store(tx, after.tenant, after.id)
        .await?;
    let revision = before.revision + 1;
    revision::insert(tx, before, changes, &said.only_of(saying), editor).await?;
    Ok(Patched::Done(revision))
}

/// Locks a visible asset's row until the transaction ends; gives the asset, and what a person has said
/// of it.
async fn hold(
    tx: &mut Tx,
    visibility: &Visibility,
    id: AssetId,
) -> Result<Option<(AssetRow, Saying)>, Error> {
    let mut sql = Builder::new(
        "SELECT a.id, a.title, a.description, a.rating, a.captured_local, a.captured_offset, a.captured_source, \
         a.said_place FROM asset a WHERE a.id = ",
    );
    sql.bind(id).push(" AND ");
    admitted(&mut sql, visibility);
    sql.push(" {for_update}");
    let (sql, args) = sql.finish();
    let Some(row) = tx.row(sql, args).await? else {
        return Ok(None);
    };
    let Some(asset) = get(tx, visibility, id).await? else {
        return Ok(None);
    };
    let said = read(row, &asset)?;
    Ok(Some((asset, said)))
}

fn read(row: Row, asset: &AssetRow) -> Result<Saying, Error> {
    let mut row = row.of("asset");
    let _: AssetId = row.next("id")?;
    Ok(Saying {
        title: Some(row.next("title")?),
        description: Some(row.next("description")?),
        rating: Some(row.next("rating")?),
        captured: Some(super::hydrate::captured(&mut row)?),
        place: Some(row.next("said_place")?),
        favourite: Some(asset.favourite),
        archived: Some(asset.archived),
        locked: Some(asset.locked),
        tags: Some(asset.tags.clone()),
        metadata: Some(asset.metadata.clone()),
    })
}
