//! Reading collections: a page takes five statements, however long it is.

use std::collections::HashMap;

use domain::{AssetId, CollectionId, Container, Page, Sha256, UserId, Visibility, one_more};

use super::{CollectionRow, Cover, Summary};
use crate::pattern::containing;
use crate::renditions;
use crate::sql::{Builder, Row};
use crate::visibility::admitted;
use crate::{Error, Tx};

/// The rendition on a collection's front.
const THUMB: &str = "thumb";

/// Which collections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// `Some(None)`: those nested in nothing the reader may see.
    pub parent: Option<Option<CollectionId>>,
    /// Whose name contains this, ignoring case.
    pub name: Option<String>,
}

/// Appends the condition that collection `c` is one the caller may see: an own one, or one that is open.
fn visible(sql: &mut Builder, visibility: &Visibility) {
    sql.push("c.tenant = ").bind(visibility.tenant());
    sql.push(" AND (c.owner");
    sql.is_one_of(visibility.owners());
    sql.push(" OR c.id");
    sql.is_one_of(visibility.collections());
    sql.push(")");
}

/// A collection the caller may see.
///
/// # Errors
/// Those of the database.
pub async fn get(
    tx: &mut Tx,
    visibility: &Visibility,
    id: CollectionId,
) -> Result<Option<CollectionRow>, Error> {
    let mut sql = Builder::new(COLUMNS);
    visible(&mut sql, visibility);
    sql.push(" AND c.id = ").bind(id);
    let (sql, args) = sql.finish();
    let row = tx.row(sql, args).await?;
    let found = row.map(|row| read(row, visibility)).transpose()?;
    let mut completed = complete(tx, visibility, found.into_iter().collect()).await?;
    Ok(completed.pop())
}

/// The collections the caller may see, newest first, after the collection `after`.
///
/// # Errors
/// Those of the database.
pub async fn list(
    tx: &mut Tx,
    visibility: &Visibility,
    narrowing: &Narrowing,
    after: Option<CollectionId>,
    limit: u32,
) -> Result<Page<CollectionRow, CollectionId>, Error> {
    let mut sql = Builder::new(COLUMNS);
    visible(&mut sql, visibility);
    match narrowing.parent {
        None => {}
        Some(Some(parent)) => {
            sql.push(" AND c.parent = ").bind(parent);
        }
        Some(None) => {
            sql.push(" AND NOT (c.parent IS NOT NULL AND (c.owner");
            sql.is_one_of(visibility.owners()).push(" OR c.parent");
            sql.is_one_of(visibility.collections()).push("))");
        }
    }
    if let Some(name) = &narrowing.name {
        sql.push(" AND c.name_key LIKE ")
            .bind(containing(name))
            .push(r" ESCAPE '\'");
    }
    if let Some(after) = after {
        sql.push(" AND c.id < ").bind(after);
    }
    sql.push(" ORDER BY c.id DESC LIMIT ").bind(one_more(limit));
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    let found = rows
        .into_iter()
        .map(|row| read(row, visibility))
        .collect::<Result<_, _>>()?;
    let page = Page::cut(found, limit, |collection: &CollectionRow| collection.id);
    Ok(Page {
        items: complete(tx, visibility, page.items).await?,
        next: page.next,
    })
}

const COLUMNS: &str = "SELECT c.id, c.tenant, c.owner, COALESCE(u.name, u.email), c.parent, c.name, c.description, \
     c.query, c.created_at, c.updated_at, c.revision FROM collection c \
     JOIN app_user u ON u.tenant = c.tenant AND u.id = c.owner WHERE ";

fn read(row: Row, visibility: &Visibility) -> Result<CollectionRow, Error> {
    let mut row = row.of("collection");
    let id = row.next("id")?;
    let tenant = row.next("tenant")?;
    let owner: UserId = row.next("owner")?;
    let own = visibility.owners().any(|user| user == owner);
    let open = visibility.level_in(Container::Collection(id));
    let owner_name = row.next("owner_name")?;
    let parent: Option<CollectionId> = row.next("parent")?;
    let sees = |parent: &CollectionId| {
        own || visibility
            .level_in(Container::Collection(*parent))
            .is_some()
    };
    Ok(CollectionRow {
        tenant,
        id,
        owner,
        owner_name,
        parent: parent.filter(sees),
        name: row.next("name")?,
        description: row.next("description")?,
        query: row.next("query")?,
        created_at: row.next("created_at")?,
        updated_at: row.next("updated_at")?,
        revision: row.next("revision")?,
        level: open.filter(|_| !own),
        shared: open.is_some(),
        summary: Summary::default(),
        nested: 0,
    })
}

async fn complete(
    tx: &mut Tx,
    visibility: &Visibility,
    mut collections: Vec<CollectionRow>,
) -> Result<Vec<CollectionRow>, Error> {
    if collections.is_empty() {
        return Ok(collections);
    }
    let ids: Vec<CollectionId> = collections.iter().map(|row| row.id).collect();
    let mut summaries = summaries(tx, visibility, &ids).await?;
    let nested = nested(tx, visibility, &ids).await?;
    for collection in &mut collections {
        collection.summary = summaries.remove(&collection.id).unwrap_or_default();
        collection.nested = nested.get(&collection.id).copied().unwrap_or(0);
    }
    Ok(collections)
}

/// Of what lies in each of these and is visible: how many, from when to when, and the one in front.
async fn summaries(
    tx: &mut Tx,
    visibility: &Visibility,
    ids: &[CollectionId],
) -> Result<HashMap<CollectionId, Summary>, Error> {
    let mut sql = Builder::new(
        "SELECT collection, total, first_at, last_at, id, thumbhash, sha256 FROM ( \
            SELECT i.collection, a.id, a.thumbhash, a.sha256, count(*) OVER w AS total, \
            min(a.taken_sort) OVER w AS first_at, max(a.taken_sort) OVER w AS last_at, \
            row_number() OVER (PARTITION BY i.collection ORDER BY CASE WHEN a.id = c.cover THEN 0 ELSE 1 END, \
                a.day DESC, a.taken_sort DESC, a.id DESC) AS place \
            FROM collection_asset i JOIN collection c ON c.tenant = i.tenant AND c.id = i.collection \
            JOIN asset a ON a.tenant = i.tenant AND a.id = i.asset \
            WHERE a.trashed_at IS NULL AND a.locked = FALSE AND i.collection",
    );
    sql.is_one_of(ids.iter().copied()).push(" AND ");
    admitted(&mut sql, visibility);
    sql.push(" WINDOW w AS (PARTITION BY i.collection)) AS lying WHERE place = 1");
    let (sql, args) = sql.finish();
    let mut found = HashMap::new();
    let mut fronts: Vec<(CollectionId, Sha256)> = Vec::new();
    for row in tx.rows(sql, args).await? {
        let mut row = row.of("collection_asset");
        let id: CollectionId = row.next("collection")?;
        let mut summary = Summary {
            count: row.next("total")?,
            first_at: row.next("first_at")?,
            last_at: row.next("last_at")?,
            cover: None,
        };
        let asset: AssetId = row.next("id")?;
        summary.cover = Some(Cover {
            asset,
            thumbhash: row.next("thumbhash")?,
            thumb: None,
        });
        fronts.push((id, row.next("sha256")?));
        found.insert(id, summary);
    }
    thumbs(tx, visibility, &fronts, &mut found).await?;
    Ok(found)
}

/// Adds the pictures of the covers.
async fn thumbs(
    tx: &mut Tx,
    visibility: &Visibility,
    fronts: &[(CollectionId, Sha256)],
    found: &mut HashMap<CollectionId, Summary>,
) -> Result<(), Error> {
    if fronts.is_empty() {
        return Ok(());
    }
    let mut contents: Vec<Sha256> = fronts.iter().map(|(_, sha256)| *sha256).collect();
    contents.sort_unstable();
    contents.dedup();
    let pictures: HashMap<Sha256, _> = renditions::of_contents(tx, visibility.tenant(), &contents)
        .await?
        .into_iter()
        .filter(|rendition| rendition.name == THUMB)
        .map(|rendition| (rendition.sha256, rendition))
        .collect();
    for (id, sha256) in fronts {
        if let Some(cover) = found.get_mut(id).and_then(|summary| summary.cover.as_mut()) {
            cover.thumb = pictures.get(sha256).cloned();
        }
    }
    Ok(())
}

/// How many visible collections are nested in each of these.
async fn nested(
    tx: &mut Tx,
    visibility: &Visibility,
    ids: &[CollectionId],
) -> Result<HashMap<CollectionId, u64>, Error> {
    let mut sql = Builder::new("SELECT c.parent, count(*) FROM collection c WHERE ");
    visible(&mut sql, visibility);
    sql.push(" AND c.parent");
    sql.is_one_of(ids.iter().copied());
    sql.push(" GROUP BY c.parent");
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("collection");
            Ok((row.next("parent")?, row.next("count")?))
        })
        .collect()
}
