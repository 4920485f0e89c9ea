//! What assets are labelled with, and how often: for suggestions and filters.

use domain::{Filter, MediaKind, Visibility};

use super::selection::Selection;
use crate::sql::Builder;
use crate::{Error, Tx};

/// Most tags counted.
const MAX_TAGS: u32 = 5_000;

/// Most combinations counted.
const MAX_COMBINATIONS: u32 = 10_000;

/// A tag that is in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelCount {
    /// In the form in which tags are equal.
    pub tag: String,
    /// As somebody wrote it.
    pub label: String,
    /// Assets that bear it.
    pub count: u64,
}

/// What a number of assets have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// Make and model in lower case; empty when unknown.
    pub camera: String,
    /// The broad kind.
    pub kind: MediaKind,
    /// Stars, 0 for none.
    pub stars: u8,
    /// How many.
    pub count: u64,
}

/// The tags of the visible assets that pass `filter`, most frequent first.
///
/// # Errors
/// Those of the database.
pub async fn tags(
    tx: &mut Tx,
    visibility: &Visibility,
    filter: &Filter,
) -> Result<Vec<LabelCount>, Error> {
    let selection = Selection::of(tx, visibility, filter).await?;
    let mut sql = Builder::new(
        "SELECT t.tag, MIN(t.label), COUNT(*) FROM asset a \
         JOIN asset_tag t ON t.tenant = a.tenant AND t.asset = a.id WHERE ",
    );
    selection.condition(&mut sql);
    sql.push(" GROUP BY t.tag ORDER BY COUNT(*) DESC LIMIT ")
        .bind(MAX_TAGS);
    let (sql, args) = sql.finish();
    let mut found: Vec<LabelCount> = Vec::new();
    for row in tx.rows(sql, args).await? {
        let mut row = row.of("asset_tag");
        found.push(LabelCount {
            tag: row.next("tag")?,
            label: row.next("label")?,
            count: row.next("count")?,
        });
    }
    // Ties are sorted here: the databases' collations disagree.
    found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.tag.cmp(&b.tag)));
    Ok(found)
}

/// How many of the visible assets that pass `filter` were taken with what, are what, and have how many
/// stars: in one reading of them, because each costs the same.
///
/// # Errors
/// Those of the database.
pub async fn facets(
    tx: &mut Tx,
    visibility: &Visibility,
    filter: &Filter,
) -> Result<Vec<Facet>, Error> {
    let selection = Selection::of(tx, visibility, filter).await?;
    let mut sql = Builder::new("SELECT a.camera, a.kind, a.stars, COUNT(*) FROM asset a WHERE ");
    selection.condition(&mut sql);
    sql.push(" GROUP BY a.camera, a.kind, a.stars ORDER BY COUNT(*) DESC LIMIT ")
        .bind(MAX_COMBINATIONS);
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("asset");
            Ok(Facet {
                camera: row.next("camera")?,
                kind: row.next("kind")?,
                stars: row.next("stars")?,
                count: row.next("count")?,
            })
        })
        .collect()
}
