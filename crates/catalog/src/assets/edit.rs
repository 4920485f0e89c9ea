//! A person's changes to an asset. Every edit leaves a revision row; the trash is not an edit.

use domain::{AssetId, LocalTime, Timestamp, UserId, Visibility};
use serde_json::{Map, Value, json};

use super::derive::Said;
use super::{AssetRow, get, tags};
use crate::sql::{Builder, args};
use crate::visibility::{admitted, owned};
use crate::{Error, Tx};

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
    /// Marked or not.
    pub favourite: Option<bool>,
    /// Out of the way or not.
    pub archived: Option<bool>,
    /// Behind the locked folder's door or not.
    pub locked: Option<bool>,
    /// All tags, as written.
    pub tags: Option<Vec<String>>,
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
    /// There is no such visible asset.
    Missing,
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
    if !lock_visible(tx, visibility, id).await? {
        return Ok(Patched::Missing);
    }
    let Some(before) = get(tx, visibility, id).await? else {
        return Ok(Patched::Missing);
    };
    if expected.is_some_and(|revision| revision != before.revision) {
        return Ok(Patched::Stale);
    }
    let changes = Changes::between(&before, patch);
    if changes.before.is_empty() {
        return Ok(Patched::Unchanged);
    }
    store(tx, &before, patch, now).await?;
    if let Some(labels) = &patch.tags {
        tags::set(tx, before.tenant, id, labels).await?;
    }
    rederive(tx, &before).await?;
    let revision = before.revision + 1;
    tx.execute(
        "INSERT INTO asset_revision (tenant, asset, revision, made_by, made_at, before_json, after_json) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            before.tenant,
            id,
            crate::users::signed(revision),
            by,
            now,
            &Value::Object(changes.before),
            &Value::Object(changes.after)
        ],
    )
    .await?;
    Ok(Patched::Done(revision))
}

async fn lock_visible(tx: &mut Tx, visibility: &Visibility, id: AssetId) -> Result<bool, Error> {
    let mut sql = Builder::new("SELECT a.id FROM asset a WHERE a.id = ");
    sql.bind(id).push(" AND ");
    admitted(&mut sql, visibility);
    sql.push(" {for_update}");
    let (sql, args) = sql.finish();
    Ok(tx.row(sql, args).await?.is_some())
}

/// The fields that change, as JSON objects.
#[derive(Default)]
struct Changes {
    before: Map<String, Value>,
    after: Map<String, Value>,
}

impl Changes {
    fn between(asset: &AssetRow, patch: &Patch) -> Self {
        let mut changes = Self::default();
        changes.note(
            "title",
            json!(asset.title),
            patch.title.as_ref().map(|new| json!(new)),
        );
        changes.note(
            "description",
            json!(asset.description),
            patch.description.as_ref().map(|new| json!(new)),
        );
        changes.note(
            "rating",
            json!(asset.rating),
            patch.rating.map(|new| json!(new)),
        );
        changes.note(
            "captured_at",
            json!(asset.captured),
            patch.captured.as_ref().map(|new| json!(new)),
        );
        changes.note(
            "favourite",
            json!(asset.favourite),
            patch.favourite.map(Value::Bool),
        );
        changes.note(
            "archived",
            json!(asset.archived),
            patch.archived.map(Value::Bool),
        );
        changes.note("locked", json!(asset.locked), patch.locked.map(Value::Bool));
        changes.note(
            "tags",
            json!(asset.tags),
            patch.tags.as_ref().map(|new| json!(new)),
        );
        changes.note("metadata", asset.metadata.clone(), patch.metadata.clone());
        changes
    }

    fn note(&mut self, field: &str, before: Value, after: Option<Value>) {
        if let Some(after) = after.filter(|after| *after != before) {
            self.before.insert(field.to_owned(), before);
            self.after.insert(field.to_owned(), after);
        }
    }
}

/// Writes the patched columns; an argument pair (change it?, to what) per field.
async fn store(tx: &mut Tx, asset: &AssetRow, patch: &Patch, now: Timestamp) -> Result<(), Error> {
    let text =
        |field: &Option<Option<String>>| field.as_ref().map(|new| new.clone().unwrap_or_default());
    let captured = patch.captured.as_ref().and_then(Option::as_ref);
    tx.execute(
        "UPDATE asset SET \
         title = COALESCE($3, title), description = COALESCE($4, description), rating = COALESCE($5, rating), \
         captured_local = CASE WHEN $6 THEN $7 ELSE captured_local END, \
         captured_offset = CASE WHEN $6 THEN $8 ELSE captured_offset END, \
         captured_source = CASE WHEN $6 THEN $9 ELSE captured_source END, \
         favourite = COALESCE($10, favourite), archived = COALESCE($11, archived), locked = COALESCE($12, locked), \
         metadata = COALESCE($13, metadata), updated_at = $14, revision = revision + 1 \
         WHERE tenant = $1 AND id = $2",
        args![
            asset.tenant,
            asset.id,
            text(&patch.title),
            text(&patch.description),
            patch.rating.map(|new| new.unwrap_or(0)),
            patch.captured.is_some(),
            captured.map(|time| time.local.as_str()),
            captured.and_then(|time| time.offset_minutes),
            captured.map(|time| time.source.as_str()),
            patch.favourite,
            patch.archived,
            patch.locked,
            patch.metadata.as_ref(),
            now
        ],
    )
    .await
    .map(drop)
}

/// Writes the derived columns anew.
async fn rederive(tx: &mut Tx, before: &AssetRow) -> Result<(), Error> {
    let visibility = Visibility::of_user(before.tenant, before.owner);
    let Some(asset) = get(tx, &visibility, before.id).await? else {
        return Ok(());
    };
    // What holds is already settled in the row, so nothing of the facts may come in again.
    let said = Said {
        file_name: asset.file_name,
        title: Some(asset.title.unwrap_or_default()),
        description: Some(asset.description.unwrap_or_default()),
        rating: Some(asset.rating.unwrap_or(0)),
        captured: asset.captured,
        place: Some(asset.place),
        created_at: asset.created_at,
    };
    said.with(&asset.facts)
        .store(tx, asset.tenant, asset.id)
        .await
}

/// Puts an own asset into the trash. `false`: there is none, or it lies there already.
///
/// # Errors
/// Those of the database.
pub async fn trash(
    tx: &mut Tx,
    visibility: &Visibility,
    id: AssetId,
    now: Timestamp,
) -> Result<bool, Error> {
    let mut sql = Builder::new("UPDATE asset AS a SET trashed_at = ");
    sql.bind(now).push(", updated_at = ").bind(now);
    sql.push(" WHERE trashed_at IS NULL AND a.id = ")
        .bind(id)
        .push(" AND ");
    owned(&mut sql, visibility);
    let (sql, args) = sql.finish();
    tx.changed(sql, args).await
}

/// Takes an own asset out of the trash. `false`: there is none in it.
///
/// # Errors
/// Those of the database.
pub async fn restore(
    tx: &mut Tx,
    visibility: &Visibility,
    id: AssetId,
    now: Timestamp,
) -> Result<bool, Error> {
    let mut sql = Builder::new("UPDATE asset AS a SET trashed_at = NULL, updated_at = ");
    sql.bind(now);
    sql.push(" WHERE trashed_at IS NOT NULL AND a.id = ")
        .bind(id)
        .push(" AND ");
    owned(&mut sql, visibility);
    let (sql, args) = sql.finish();
    tx.changed(sql, args).await
}
