//! From rows to whole assets: a page takes four statements, however long it is.

use std::collections::HashMap;

use domain::{
    AssetId, CollectionId, Container, Facts, Level, LocalTime, Place, Sha256, Standing, TenantId,
    Visibility,
};

use super::{AssetRow, Problem};
use crate::renditions::{self, Rendition};
use crate::sql::{Builder, Row, args};
use crate::{Error, Tx};

/// What [`complete`] reads, up to the WHERE.
pub(super) const COLUMNS: &str = "SELECT a.id, a.tenant, a.owner, a.kind, a.status, a.version, a.version_number, \
     a.file_name, a.sha256, a.title, a.description, a.rating, a.captured_local, a.captured_offset, a.captured_source, \
     a.said_place, a.favourite, a.archived, a.locked, a.trashed_at, a.metadata, a.created_at, a.updated_at, a.revision, a.taken_sort, \
     c.size, c.media_type, c.facts, a.beside \
     FROM asset a JOIN content c ON c.tenant = a.tenant AND c.sha256 = a.sha256";

/// Reads rows of [`COLUMNS`] and adds tags, collections, renditions, problems, and how far each is open.
pub(super) async fn complete(
    tx: &mut Tx,
    visibility: &Visibility,
    rows: Vec<Row>,
) -> Result<Vec<AssetRow>, Error> {
    let mut assets: Vec<AssetRow> = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    if assets.is_empty() {
        return Ok(assets);
    }
    let ids: Vec<AssetId> = assets.iter().map(|asset| asset.id).collect();
    let mut contents: Vec<Sha256> = assets.iter().map(|asset| asset.sha256).collect();
    contents.sort_unstable();
    contents.dedup();
    let tenant = visibility.tenant();
    let mut containers = containers_of(tx, visibility, &ids).await?;
    let mut tags = tags_of(tx, tenant, &ids).await?;
    let mut problems = problems_of(tx, tenant, &ids).await?;
    let renditions = renditions_of(tx, tenant, &contents).await?;
    for asset in &mut assets {
        let mut held = containers.remove(&asset.id).unwrap_or_default();
        asset.collections = held.iter().filter_map(collection).collect();
        held.push(Container::Owner(asset.owner));
        let standing = Standing {
            tenant: asset.tenant,
            containers: &held,
            withheld: asset.is_withheld(),
        };
        asset.level = visibility.level(standing).unwrap_or(Level::View);
        asset.tags = tags.remove(&asset.id).unwrap_or_default();
        asset.problems = problems.remove(&asset.id).unwrap_or_default();
        asset.renditions = renditions.get(&asset.sha256).cloned().unwrap_or_default();
    }
    Ok(assets)
}

fn read(row: Row) -> Result<AssetRow, Error> {
    let mut row = row.of("asset");
    let said_place;
    let mut asset = AssetRow {
        id: row.next("id")?,
        tenant: row.next("tenant")?,
        owner: row.next("owner")?,
        kind: row.next("kind")?,
        status: row.next("status")?,
        version: row.next("version")?,
        version_number: row.next("version_number")?,
        file_name: row.next("file_name")?,
        sha256: row.next("sha256")?,
        title: row.next("title")?,
        description: row.next("description")?,
        rating: row.next("rating")?,
        captured: captured(&mut row)?,
        place: {
            said_place = place(&mut row)?;
            None
        },
        favourite: row.next("favourite")?,
        archived: row.next("archived")?,
        locked: row.next("locked")?,
        trashed_at: row.next("trashed_at")?,
        metadata: row.next("metadata")?,
        created_at: row.next("created_at")?,
        updated_at: row.next("updated_at")?,
        revision: row.next("revision")?,
        taken_sort: row.next("taken_sort")?,
        size: row.next("size")?,
        media_type: row.next("media_type")?,
        facts: facts(&mut row)?,
        level: Level::View,
        collections: Vec::new(),
        tags: Vec::new(),
        renditions: Vec::new(),
        problems: Vec::new(),
    };
    let facts: &Facts = &asset.facts;
    asset.title = holding(asset.title, facts.title.as_deref());
    asset.description = holding(asset.description, facts.description.as_deref());
    asset.rating = asset.rating.or(facts.rating).filter(|stars| *stars > 0);
    asset.captured =
        LocalTime::that_holds(asset.captured.as_ref(), facts.captured.as_ref()).cloned();
    asset.place = said_place.unwrap_or_else(|| facts.place.clone());
    Ok(asset)
}

/// What the machine knows of an asset: its file's facts, and before them those of a sidecar.
pub(super) fn facts(row: &mut Row) -> Result<Facts, Error> {
    let facts: Facts = row.next("facts")?;
    let beside: Option<Facts> = row.next("beside")?;
    Ok(match beside {
        Some(sidecar) => facts.with_sidecar(&sidecar),
        None => facts,
    })
}

/// A capture time that a person gave.
pub(super) fn captured(row: &mut Row) -> Result<Option<LocalTime>, Error> {
    let local: Option<String> = row.next("captured_local")?;
    let offset_minutes = row.next("captured_offset")?;
    let source: Option<String> = row.next("captured_source")?;
    Ok(local.map(|local| LocalTime {
        local,
        offset_minutes,
        source: source.unwrap_or_default(),
    }))
}

/// A place that a person gave; `Some(None)`: they said there is none.
pub(super) fn place(row: &mut Row) -> Result<Option<Option<Place>>, Error> {
    let said: Option<String> = row.next("said_place")?;
    let read = |text: String| {
        serde_json::from_str(&text).map_err(|_| Error::Inconsistent {
            table: "asset",
            column: "said_place",
            row: text,
        })
    };
    said.map(read).transpose()
}

/// The text that holds: a person's, which is empty when they said "none", else the file's.
pub(super) fn holding(said: Option<String>, fact: Option<&str>) -> Option<String> {
    said.or_else(|| fact.map(str::to_owned))
        .filter(|text| !text.is_empty())
}

const fn collection(container: &Container) -> Option<CollectionId> {
    match container {
        Container::Collection(id) => Some(*id),
        _ => None,
    }
}

/// What each of these assets lies in beside its owner's library, as far as the caller knows of it:
/// own collections, and whatever is open to the caller.
async fn containers_of(
    tx: &mut Tx,
    visibility: &Visibility,
    ids: &[AssetId],
) -> Result<HashMap<AssetId, Vec<Container>>, Error> {
    let mut sql = Builder::new(
        "SELECT m.asset, m.collection FROM collection_asset m \
         JOIN collection c ON c.tenant = m.tenant AND c.id = m.collection WHERE m.tenant = ",
    );
    sql.bind(visibility.tenant()).push(" AND m.asset");
    sql.is_one_of(ids.iter().copied()).push(" AND (c.owner");
    sql.is_one_of(visibility.owners()).push(" OR m.collection");
    sql.is_one_of(visibility.collections());
    sql.push(") ORDER BY m.asset, m.collection");
    let (sql, args) = sql.finish();
    let mut by_asset: HashMap<_, Vec<_>> = HashMap::new();
    for row in tx.rows(sql, args).await? {
        let mut row = row.of("collection_asset");
        let asset: AssetId = row.next("asset")?;
        let collection = Container::Collection(row.next("collection")?);
        by_asset.entry(asset).or_default().push(collection);
    }
    for share in visibility.shares() {
        let rows = tx
            .rows(
                "SELECT asset FROM share_asset WHERE tenant = $1 AND share = $2",
                args![visibility.tenant(), share],
            )
            .await?;
        for row in rows {
            let asset: AssetId = row.of("share_asset").next("asset")?;
            by_asset
                .entry(asset)
                .or_default()
                .push(Container::Share(share));
        }
    }
    Ok(by_asset)
}

async fn tags_of(
    tx: &mut Tx,
    tenant: TenantId,
    ids: &[AssetId],
) -> Result<HashMap<AssetId, Vec<String>>, Error> {
    let mut sql = Builder::new("SELECT asset, tag, label FROM asset_tag WHERE tenant = ");
    sql.bind(tenant).push(" AND asset");
    sql.is_one_of(ids.iter().copied());
    let (sql, args) = sql.finish();
    let mut tags: Vec<(AssetId, String, String)> = Vec::new();
    for row in tx.rows(sql, args).await? {
        let mut row = row.of("asset_tag");
        tags.push((row.next("asset")?, row.next("tag")?, row.next("label")?));
    }
    // Sorted here: the databases' collations disagree.
    tags.sort_unstable();
    let mut by_asset: HashMap<_, Vec<_>> = HashMap::new();
    for (asset, _, label) in tags {
        by_asset.entry(asset).or_default().push(label);
    }
    Ok(by_asset)
}

async fn problems_of(
    tx: &mut Tx,
    tenant: TenantId,
    ids: &[AssetId],
) -> Result<HashMap<AssetId, Vec<Problem>>, Error> {
    let mut sql = Builder::new(
        "SELECT s.asset, s.name, s.code, s.message FROM step s \
         JOIN asset a ON a.tenant = s.tenant AND a.id = s.asset AND a.version = s.version \
         WHERE s.state IN ('failed', 'done') AND s.code IS NOT NULL AND s.tenant = ",
    );
    sql.bind(tenant).push(" AND s.asset");
    sql.is_one_of(ids.iter().copied());
    sql.push(" ORDER BY s.asset, s.position");
    let (sql, args) = sql.finish();
    let mut by_asset: HashMap<_, Vec<_>> = HashMap::new();
    for row in tx.rows(sql, args).await? {
        let mut row = row.of("step");
        let asset: AssetId = row.next("asset")?;
        let step = row.next("name")?;
        let code: Option<String> = row.next("code")?;
        let message: Option<String> = row.next("message")?;
        by_asset.entry(asset).or_default().push(Problem {
            step,
            code: code.unwrap_or_default(),
            message: message.unwrap_or_default(),
        });
    }
    Ok(by_asset)
}

async fn renditions_of(
    tx: &mut Tx,
    tenant: TenantId,
    contents: &[Sha256],
) -> Result<HashMap<Sha256, Vec<Rendition>>, Error> {
    let mut found = renditions::of_contents(tx, tenant, contents).await?;
    found.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let mut by_content: HashMap<_, Vec<_>> = HashMap::new();
    for rendition in found {
        by_content
            .entry(rendition.sha256)
            .or_default()
            .push(rendition);
    }
    Ok(by_content)
}
