//! Revisions: what edits changed, when, by whom; and taking one back, which is an edit itself.

use std::collections::BTreeSet;

use domain::{AssetId, BatchId, LocalTime, Place, TenantId, Timestamp, UserId, Visibility};
use serde_json::{Map, Value};

use super::changes::Changes;
use super::saying::Saying;
use super::{Editor, Patched, hold, say};
use crate::assets::AssetRow;
use crate::sql::{Builder, Row, args};
use crate::users::signed;
use crate::visibility::owned;
use crate::{Error, Tx};

/// Most revisions of an asset that are listed or weighed.
const MAX_REVISIONS: u32 = 1000;

/// An edit that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// The asset's revision after it.
    pub number: u64,
    /// Who made it.
    pub made_by: UserId,
    /// When.
    pub made_at: Timestamp,
    /// The changed fields before it: a JSON object.
    pub before: Value,
    /// The same fields after it.
    pub after: Value,
    /// The edits it is one of, when many were made as one.
    pub batch: Option<BatchId>,
    /// What had been said before of each field it touched, as it was written; absent in old ones.
    said_before: Option<Value>,
}

impl Revision {
    fn fields(&self) -> BTreeSet<String> {
        let fields = self.after.as_object().map(Map::keys);
        fields.into_iter().flatten().cloned().collect()
    }

    /// What takes it back. An old one does not tell what was said from what the file says; what held
    /// is said then.
    fn reverse(&self) -> Result<Saying, Error> {
        match &self.said_before {
            Some(said) => serde_json::from_value(said.clone()).map_err(|_| Error::Inconsistent {
                table: "asset_revision",
                column: "said_before",
                row: self.number.to_string(),
            }),
            None => Ok(held(&self.before)),
        }
    }
}

/// Says what held before.
fn held(before: &Value) -> Saying {
    let field = |name: &str| before.get(name);
    let text = |value: &Value| Some(value.as_str().unwrap_or_default().to_owned());
    let stars = |value: &Value| value.as_u64().and_then(|stars| u8::try_from(stars).ok());
    let place = |value: &Value| serde_json::from_value::<Option<Place>>(value.clone());
    Saying {
        title: field("title").map(text),
        description: field("description").map(text),
        rating: field("rating").map(|value| Some(stars(value).unwrap_or(0))),
        captured: field("captured_at")
            .map(|value| serde_json::from_value::<LocalTime>(value.clone()).ok()),
        place: field("location")
            .map(|value| Some(serde_json::json!(place(value).unwrap_or_default()).to_string())),
        favourite: field("favourite").and_then(Value::as_bool),
        archived: field("archived").and_then(Value::as_bool),
        locked: field("locked").and_then(Value::as_bool),
        tags: field("tags").and_then(|value| serde_json::from_value(value.clone()).ok()),
        metadata: field("metadata").cloned(),
    }
}

/// What became of taking an edit back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// Done; the asset's revision is now this.
    Done(u64),
    /// Everything is as it was before it already.
    Unchanged,
    /// These fields have been changed again since.
    Later(Vec<String>),
    /// There is no such asset, or no such revision of it.
    Missing,
}

/// Notes an edit.
pub(super) async fn insert(
    tx: &mut Tx,
    asset: &AssetRow,
    changes: Changes,
    said_before: &Saying,
    editor: Editor,
) -> Result<(), Error> {
    let said_before =
        serde_json::to_value(said_before).map_err(|error| Error::database(error.to_string()))?;
    tx.execute(
        "INSERT INTO asset_revision \
         (tenant, asset, revision, made_by, made_at, before_json, after_json, said_before, batch) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            asset.tenant,
            asset.id,
            signed(asset.revision + 1),
            editor.by,
            editor.at,
            &Value::Object(changes.before),
            &Value::Object(changes.after),
            &said_before,
            editor.batch
        ],
    )
    .await
    .map(drop)
}

/// The edits of an own asset, newest first; at most 1000.
///
/// # Errors
/// Those of the database.
pub async fn revisions(
    tx: &mut Tx,
    visibility: &Visibility,
    asset: AssetId,
) -> Result<Vec<Revision>, Error> {
    let mut sql = Builder::new(
        "SELECT r.revision, r.made_by, r.made_at, r.before_json, r.after_json, r.said_before, r.batch FROM asset a \
         JOIN asset_revision r ON r.tenant = a.tenant AND r.asset = a.id WHERE a.id = ",
    );
    sql.bind(asset).push(" AND ");
    owned(&mut sql, visibility);
    sql.push(" ORDER BY r.revision DESC LIMIT ")
        .bind(MAX_REVISIONS);
    let (sql, args) = sql.finish();
    tx.rows(sql, args).await?.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<Revision, Error> {
    let mut row = row.of("asset_revision");
    Ok(Revision {
        number: row.next("revision")?,
        made_by: row.next("made_by")?,
        made_at: row.next("made_at")?,
        before: row.next("before_json")?,
        after: row.next("after_json")?,
        said_before: row.next("said_before")?,
        batch: row.next("batch")?,
    })
}

/// Takes an edit of an own asset back. Later changes of the same fields stand in the way, unless
/// `force` is with them.
///
/// # Errors
/// Those of the database.
pub async fn undo(
    tx: &mut Tx,
    visibility: &Visibility,
    asset: AssetId,
    number: u64,
    editor: Editor,
    force: bool,
) -> Result<Undone, Error> {
    let Some((before, said)) = hold(tx, &visibility.own(), asset).await? else {
        return Ok(Undone::Missing);
    };
    let mut later = BTreeSet::new();
    let mut found = None;
    for revision in revisions(tx, visibility, asset).await? {
        if revision.number == number {
            found = Some(revision);
            break;
        }
        later.append(&mut revision.fields());
    }
    let Some(revision) = found else {
        return Ok(Undone::Missing);
    };
    let touched: Vec<String> = revision.fields().intersection(&later).cloned().collect();
    if !touched.is_empty() && !force {
        return Ok(Undone::Later(touched));
    }
    let saying = revision.reverse()?;
    Ok(match say(tx, &before, &said, &saying, editor).await? {
        Patched::Done(revision) => Undone::Done(revision),
        _ => Undone::Unchanged,
    })
}

/// The assets of an owner that were changed as one, with the revision that it made of each, in the
/// order of their ids; at most `limit`.
///
/// # Errors
/// Those of the database.
pub async fn of_batch(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
    batch: BatchId,
    limit: u32,
) -> Result<Vec<(AssetId, u64)>, Error> {
    let rows = tx
        .rows(
            "SELECT r.asset, r.revision FROM asset_revision r \
             JOIN asset a ON a.tenant = r.tenant AND a.id = r.asset \
             WHERE r.tenant = $1 AND r.batch = $2 AND a.owner = $3 ORDER BY r.asset, r.revision LIMIT $4",
            args![tenant, batch, owner, limit],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("asset_revision");
            Ok((row.next("asset")?, row.next("revision")?))
        })
        .collect()
}
