//! The timeline: how many assets lie in each day, and light rows to draw it with. Both read one index
//! from its new end.

use domain::{AssetId, Day, Filter, MediaKind, Sha256, Status, Timestamp, UserId, Visibility};

use super::Page;
use super::cursor::{Cursor, Key, Order, Sort};
use super::selection::Selection;
use crate::sql::{Builder, Row};
use crate::{Error, Tx};

/// Most days of one timeline: some 270 years with a picture each day.
const MAX_DAYS: u32 = 100_000;

/// What is drawn of an asset before it is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// The asset.
    pub id: AssetId,
    /// In whose library it lies.
    pub owner: UserId,
    /// The broad kind.
    pub kind: MediaKind,
    /// How far processing has come.
    pub status: Status,
    /// Wall time of its capture as if in UTC, else when it was added.
    pub taken: Timestamp,
    /// Pixels across as displayed.
    pub width: Option<u32>,
    /// Pixels down as displayed.
    pub height: Option<u32>,
    /// ThumbHash, base64.
    pub thumbhash: Option<String>,
    /// Marked as a favourite.
    pub favourite: bool,
    /// Stars, 1 to 5.
    pub rating: Option<u8>,
    /// Name as uploaded.
    pub file_name: String,
    /// What somebody called it.
    pub title: Option<String>,
    /// When it went to the trash.
    pub trashed_at: Option<Timestamp>,
    /// Its smallest picture: of which content, by which version of the step.
    pub thumb: Option<(Sha256, u32)>,
    /// It has a moving part.
    pub motion: bool,
}

/// A stretch of a timeline, its last day not in it; `None` is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: Option<Day>,
    /// The day after the last.
    pub to: Option<Day>,
}

/// How many visible assets pass `filter`, by the day they were taken, newest first.
///
/// # Errors
/// Those of the database.
pub async fn count_days(
    tx: &mut Tx,
    visibility: &Visibility,
    filter: &Filter,
) -> Result<Vec<(Day, u64)>, Error> {
    let selection = Selection::of(tx, visibility, filter).await?;
    let mut sql = Builder::new("SELECT a.day, COUNT(*) FROM asset a WHERE ");
    selection.condition(&mut sql);
    sql.push(" GROUP BY a.day ORDER BY a.day DESC LIMIT ")
        .bind(MAX_DAYS);
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("asset");
            Ok((Day::from_number(row.next("day")?), row.next("count")?))
        })
        .collect()
}

/// A page of the visible assets that pass `filter` and were taken within `span`, newest first.
///
/// # Errors
/// Those of the database.
pub async fn tiles(
    tx: &mut Tx,
    visibility: &Visibility,
    filter: &Filter,
    span: Span,
    after: Option<Cursor>,
    limit: u32,
) -> Result<Page<Tile>, Error> {
    let selection = Selection::of(tx, visibility, filter).await?;
    let mut sql = Builder::new(
        "SELECT a.id, a.owner, a.kind, a.status, a.taken_sort, a.width, a.height, a.thumbhash, a.favourite, a.stars, \
         a.file_name, a.title, a.trashed_at, r.sha256, r.step_version, EXISTS (SELECT 1 FROM version_file f \
         WHERE f.tenant = a.tenant AND f.version = a.version AND f.role = 'motion') FROM asset a \
         LEFT JOIN rendition r ON r.tenant = a.tenant AND r.sha256 = a.sha256 AND r.name = 'thumb' WHERE ",
    );
    selection.condition(&mut sql);
    if let Some(from) = span.from {
        sql.push(" AND a.day >= ").bind(from.number());
    }
    if let Some(to) = span.to {
        sql.push(" AND a.day < ").bind(to.number());
    }
    Order::from(Sort::Captured).page(&mut sql, after, limit);
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    let items = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(Page::cut(items, limit, |tile: &Tile| Cursor {
        key: Key::Number(tile.taken.millis()),
        id: tile.id,
    }))
}

fn read(row: Row) -> Result<Tile, Error> {
    let mut row = row.of("asset");
    Ok(Tile {
        id: row.next("id")?,
        owner: row.next("owner")?,
        kind: row.next("kind")?,
        status: row.next("status")?,
        taken: row.next("taken_sort")?,
        width: row.next("width")?,
        height: row.next("height")?,
        thumbhash: row.next("thumbhash")?,
        favourite: row.next("favourite")?,
        rating: Some(row.next("stars")?).filter(|stars| *stars > 0),
        file_name: row.next("file_name")?,
        title: row
            .next::<Option<String>>("title")?
            .filter(|title| !title.is_empty()),
        trashed_at: row.next("trashed_at")?,
        thumb: {
            let sha256: Option<Sha256> = row.next("sha256")?;
            let step_version: Option<u32> = row.next("step_version")?;
            sha256.zip(step_version)
        },
        motion: row.next("motion")?,
    })
}
