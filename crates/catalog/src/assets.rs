//! Assets: what a person sees.
//!
//! A row holds what a person said; what the file says is in its content's facts, what a sidecar says
//! of it in the row's `beside`. Where several speak, the person wins, then the sidecar; and "nothing" can
//! be said, too: an empty title or a rating of 0 hides the file's.
//! `taken_sort`, `camera` and `search_text` are derived from all of it whenever any changes.

mod cursor;
mod derive;
mod edit;
mod filter;
mod hydrate;
mod labels;
mod remove;
mod selection;
mod sidecar;
mod status;
mod tags;
mod timeline;
mod trash;
mod turn;
mod walk;

use domain::{
    AssetId, CollectionId, Facts, Level, LocalTime, MediaKind, MediaType, Place, Sha256, Status,
    TenantId, Timestamp, UserId, VersionId, Visibility,
};

pub use cursor::{Cursor, Key, Order, Page, ParseCursorError, Sort};
pub use derive::apply_facts;
pub use edit::{
    Editor, FileFact, Patch, Patched, Revision, Undone, of_batch, patch, patch_as, revisions, undo,
};
pub use labels::{Facet, LabelCount, facets, tags};
pub use remove::{Deleted, delete, trashed_before};
pub use selection::knows_collection;
pub use sidecar::apply_sidecar;
pub use status::recompute_status;
pub use tags::normalise as normalise_tag;
pub use timeline::{Span, Tile, count_days, tiles};
pub use trash::{restore, trash};
pub use turn::{Turn, turn};
pub use walk::walk;

use crate::renditions::Rendition;
use crate::sql::{Builder, args};
use crate::{Error, Tx};
use derive::Said;
use hydrate::{COLUMNS, complete};
use selection::Selection;

/// An asset with everything that is shown of it.
#[derive(Debug, Clone, PartialEq)]
pub struct AssetRow {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: AssetId,
    /// Whose library it lies in.
    pub owner: UserId,
    /// The broad kind.
    pub kind: MediaKind,
    /// How far processing has come.
    pub status: Status,
    /// The current version.
    pub version: VersionId,
    /// Its number, from 1.
    pub version_number: u32,
    /// Name as uploaded.
    pub file_name: String,
    /// Digest of the current original.
    pub sha256: Sha256,
    /// Bytes of the current original.
    pub size: u64,
    /// Its type by content.
    pub media_type: MediaType,
    /// What the machine read from it, and before that from its sidecar.
    pub facts: Facts,
    /// Title that holds: the person's, else the file's.
    pub title: Option<String>,
    /// Description that holds.
    pub description: Option<String>,
    /// Stars that hold, 1 to 5.
    pub rating: Option<u8>,
    /// Capture time that holds.
    pub captured: Option<LocalTime>,
    /// Place that holds: the person's, else the file's.
    pub place: Option<Place>,
    /// Marked as a favourite.
    pub favourite: bool,
    /// Out of the way.
    pub archived: bool,
    /// Behind the locked folder's door.
    pub locked: bool,
    /// When it went to the trash.
    pub trashed_at: Option<Timestamp>,
    /// The owner's own fields: a JSON object.
    pub metadata: serde_json::Value,
    /// When it was added.
    pub created_at: Timestamp,
    /// When anything shown of it last changed.
    pub updated_at: Timestamp,
    /// Counts a person's edits, for `If-Match`.
    pub revision: u64,
    /// Where it stands in the order by capture time: wall time as if UTC, else `created_at`.
    pub taken_sort: Timestamp,
    /// How far it is open to whoever reads it; its owner may do everything.
    pub level: Level,
    /// The collections it lies in that the reader knows of.
    pub collections: Vec<CollectionId>,
    /// Tags as written, in the order of their normal form.
    pub tags: Vec<String>,
    /// Derived files of the current original, by name.
    pub renditions: Vec<Rendition>,
    /// What steps of the current version could not do, in their order.
    pub problems: Vec<Problem>,
}

impl AssetRow {
    /// Hidden from everybody but its owner.
    pub fn is_withheld(&self) -> bool {
        self.trashed_at.is_some() || self.locked || self.status == Status::Quarantined
    }
}

/// A step that failed, or ended with less than there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The step's name.
    pub step: String,
    /// Stable word.
    pub code: String,
    /// One sentence for the owner.
    pub message: String,
}

/// An asset to add, with its first version's facts.
#[derive(Debug, Clone)]
pub struct NewAsset<'a> {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: AssetId,
    /// Whose.
    pub owner: UserId,
    /// The broad kind.
    pub kind: MediaKind,
    /// Usually pending; ready when nothing is to be done.
    pub status: Status,
    /// Its first version, to be inserted in the same transaction.
    pub version: VersionId,
    /// Digest of the original; its content is there already.
    pub sha256: Sha256,
    /// Name as uploaded.
    pub file_name: &'a str,
    /// Title, if the uploader gave one.
    pub title: Option<&'a str>,
    /// Description, if the uploader gave one.
    pub description: Option<&'a str>,
    /// Capture time, if the uploader gave one.
    pub captured: Option<&'a LocalTime>,
    /// Place, if the uploader gave one; `Some(None)`: nowhere, whatever the file says.
    pub place: Option<Option<&'a Place>>,
    /// Stars, if the uploader gave some; 0 says there are none.
    pub rating: Option<u8>,
    /// Marked as a favourite.
    pub favourite: bool,
    /// Out of the way.
    pub archived: bool,
    /// Behind the locked folder's door.
    pub locked: bool,
    /// In the trash from the beginning.
    pub trashed: bool,
    /// Tags as written.
    pub tags: &'a [String],
    /// They are all there are: the file's own keywords do not become tags.
    pub tags_only: bool,
    /// A JSON object.
    pub metadata: &'a serde_json::Value,
    /// When.
    pub created_at: Timestamp,
}

/// What became of an asset to add.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// It was added.
    New,
    /// The owner has these bytes as the current version of another asset.
    Existing(Known),
}

/// An asset that an owner has with certain bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// The bytes.
    pub sha256: Sha256,
    /// The asset.
    pub asset: AssetId,
    /// Whether it lies in the trash.
    pub trashed: bool,
}

/// Adds an asset, unless its owner already has the same bytes. The content must be there; the version
/// (number 1) is inserted after it in the same transaction.
///
/// # Errors
/// [`Error::Conflict`] when there is no such owner or content.
pub async fn insert(tx: &mut Tx, asset: &NewAsset<'_>) -> Result<Inserted, Error> {
    let said = Said {
        file_name: asset.file_name.to_owned(),
        title: asset.title.map(str::to_owned),
        description: asset.description.map(str::to_owned),
        rating: asset.rating,
        captured: asset.captured.cloned(),
        place: asset.place.map(|said| said.cloned()),
        created_at: asset.created_at,
    };
    let derived = said.with(&Facts::default());
    let inserted = tx
        .changed(
            "INSERT INTO asset (tenant, id, owner, kind, status, sha256, version, version_number, file_name, title, \
             description, captured_local, captured_offset, captured_source, favourite, archived, locked, metadata, \
             taken_sort, day, camera, search_text, created_at, updated_at, revision, rating, said_place, trashed_at, \
             size, keywords_of) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, $11, $12, $13, $14, $21, $24, $15, $16, $17, $18, \
             $19, $20, $20, 1, $22, $23, $25, \
             (SELECT size FROM content WHERE tenant = $1 AND sha256 = $6), $26) ON CONFLICT (tenant, owner, sha256) DO NOTHING",
            args![
                asset.tenant,
                asset.id,
                asset.owner,
                asset.kind,
                asset.status,
                asset.sha256,
                asset.version,
                asset.file_name,
                asset.title,
                asset.description,
                asset.captured.map(|time| time.local.as_str()),
                asset.captured.and_then(|time| time.offset_minutes),
                asset.captured.map(|time| time.source.as_str()),
                asset.favourite,
                asset.metadata,
                derived.taken_sort,
                derived.day,
                derived.camera,
                derived.search_text,
                asset.created_at,
                asset.archived,
                asset.rating,
                asset.place.map(|said| serde_json::json!(said).to_string()),
                asset.locked,
                asset.trashed.then_some(asset.created_at),
                asset.tags_only.then(|| asset.sha256.as_bytes().to_vec())
            ],
        )
        .await?;
    if inserted {
        tags::add(tx, asset.tenant, asset.id, asset.tags).await?;
        return Ok(Inserted::New);
    }
    let known = find_by_hashes(tx, asset.tenant, asset.owner, &[asset.sha256]).await?;
    // It may have been deleted just now; then the same upload succeeds when tried again.
    known
        .first()
        .copied()
        .map(Inserted::Existing)
        .ok_or(Error::Busy)
}

/// Which of these bytes (at most 1000 digests) an owner has as the current version of an asset.
///
/// # Errors
/// Those of the database.
pub async fn find_by_hashes(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
    hashes: &[Sha256],
) -> Result<Vec<Known>, Error> {
    let mut sql =
        Builder::new("SELECT sha256, id, trashed_at IS NOT NULL FROM asset WHERE tenant = ");
    sql.bind(tenant)
        .push(" AND owner = ")
        .bind(owner)
        .push(" AND sha256");
    sql.is_one_of(hashes.iter().copied().take(1000));
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("asset");
            Ok(Known {
                sha256: row.next("sha256")?,
                asset: row.next("id")?,
                trashed: row.next("trashed_at")?,
            })
        })
        .collect()
}

/// Whose an asset is: for workers, who act for no caller.
///
/// # Errors
/// Those of the database.
pub async fn owner(tx: &mut Tx, tenant: TenantId, id: AssetId) -> Result<Option<UserId>, Error> {
    let row = tx
        .row(
            "SELECT owner FROM asset WHERE tenant = $1 AND id = $2",
            args![tenant, id],
        )
        .await?;
    row.map(|row| row.of("asset").next("owner")).transpose()
}

/// The assets whose current version is this content: for workers, who act for no caller. At most 1000.
///
/// # Errors
/// Those of the database.
pub async fn of_content(
    tx: &mut Tx,
    tenant: TenantId,
    sha256: Sha256,
) -> Result<Vec<(AssetId, UserId)>, Error> {
    let rows = tx
        .rows(
            "SELECT id, owner FROM asset WHERE tenant = $1 AND sha256 = $2 ORDER BY id LIMIT 1000",
            args![tenant, sha256],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("asset");
            Ok((row.next("id")?, row.next("owner")?))
        })
        .collect()
}

/// A visible asset, in the trash or not.
///
/// # Errors
/// Those of the database.
pub async fn get(
    tx: &mut Tx,
    visibility: &Visibility,
    id: AssetId,
) -> Result<Option<AssetRow>, Error> {
    Ok(get_many(tx, visibility, &[id]).await?.pop())
}

/// The visible ones among these assets (at most 1000), in the order of the ids asked for.
///
/// # Errors
/// Those of the database.
pub async fn get_many(
    tx: &mut Tx,
    visibility: &Visibility,
    ids: &[AssetId],
) -> Result<Vec<AssetRow>, Error> {
    let mut sql = Builder::new(COLUMNS);
    sql.push(" WHERE ");
    crate::visibility::admitted(&mut sql, visibility);
    sql.push(" AND a.id");
    sql.is_one_of(ids.iter().copied().take(1000));
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    let mut found = complete(tx, visibility, rows).await?;
    let place: std::collections::HashMap<_, _> =
        ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    found.sort_by_key(|asset| place.get(&asset.id).copied());
    Ok(found)
}

/// A page of the visible assets that pass `filter`. A page stays where it is when assets are added:
/// the cursor, which must fit the order, is a place in it and not a count.
///
/// # Errors
/// Those of the database.
pub async fn list(
    tx: &mut Tx,
    visibility: &Visibility,
    filter: &domain::Filter,
    order: impl Into<Order>,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page, Error> {
    let order = order.into();
    let selection = Selection::of(tx, visibility, filter).await?;
    // First which, then what: sorting a library must not drag all that is known of it along.
    let mut sql = Builder::new("SELECT a.id FROM asset a WHERE ");
    selection.condition(&mut sql);
    order.page(&mut sql, after, limit);
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    let ids: Vec<AssetId> = rows
        .into_iter()
        .map(|row| row.of("asset").next("id"))
        .collect::<Result<_, _>>()?;
    let items = get_many(tx, visibility, &ids).await?;
    Ok(Page::cut(items, limit, |asset| order.sort.place(asset)))
}

/// The ids of the visible assets that pass `filter`, in their order.
///
/// # Errors
/// Those of the database.
pub async fn ids(
    tx: &mut Tx,
    visibility: &Visibility,
    filter: &domain::Filter,
    limit: u32,
) -> Result<Vec<AssetId>, Error> {
    let selection = Selection::of(tx, visibility, filter).await?;
    let mut sql = Builder::new("SELECT a.id FROM asset a WHERE ");
    selection.condition(&mut sql);
    sql.push(" ORDER BY a.id LIMIT ").bind(limit);
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter()
        .map(|row| row.of("asset").next("id"))
        .collect()
}

/// A page of everything visible through the containers that are open, by capture time: what a visitor
/// is shown, who has no library to begin with.
///
/// # Errors
/// Those of the database.
pub async fn list_open(
    tx: &mut Tx,
    visibility: &Visibility,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page, Error> {
    let order = Order::from(Sort::Captured);
    let mut sql = Builder::new(COLUMNS);
    sql.push(" WHERE ");
    crate::visibility::admitted(&mut sql, visibility);
    order.page(&mut sql, after, limit);
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    let items = complete(tx, visibility, rows).await?;
    Ok(Page::cut(items, limit, |asset| order.sort.place(asset)))
}
