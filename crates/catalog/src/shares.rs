//! Links: what opens a collection, or a selection of assets, to whoever has them; and the log of who
//! followed one. A link's address follows from its id and the vault's key, so no row can be used as one.

mod visits;

use domain::{
    AssetId, CollectionId, Container, Level, Page, ShareId, TenantId, Timestamp, UserId,
    Visibility, one_more,
};

pub use visits::{Visit, VisitAction, log, visits};

use crate::sql::{Builder, Row, args};
use crate::visibility::admitted;
use crate::{Error, Tx};

/// Days for which a link that was taken back is still shown to its owner.
const REMEMBERED_MILLIS: i64 = 90 * 24 * 60 * 60 * 1000;

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: ShareId,
    /// Whose.
    pub owner: UserId,
    /// What it opens; `None`: a selection of its owner's assets.
    pub collection: Option<CollectionId>,
    /// Its name; may be empty.
    pub name: String,
    /// PHC string.
    pub password: Option<String>,
    /// How far it opens what it opens: to view or to download.
    pub level: Level,
    /// Shows pictures, and nothing of what is said about them; no originals, which say it too.
    pub hide_metadata: bool,
    /// How often it may be opened.
    pub max_views: Option<u32>,
    /// How often it was.
    pub views: u64,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Share {
    /// How far it is open to visitors.
    pub fn opens_to(&self) -> Level {
        match self.hide_metadata {
            true => Level::View,
            false => self.level.min(Level::Download),
        }
    }

    /// Its time is over, or nobody more may open it.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| now >= end)
    }

    /// It was opened as often as it may be.
    pub fn is_used_up(&self) -> bool {
        self.max_views.is_some_and(|max| self.views >= max.into())
    }
}

/// What to change; `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// The name.
    pub name: Option<String>,
    /// `Some(None)`: no password.
    pub password: Option<Option<String>>,
    /// How far.
    pub level: Option<Level>,
    /// Shows pictures and nothing else.
    pub hide_metadata: Option<bool>,
    /// `Some(None)`: no limit.
    pub max_views: Option<Option<u32>>,
    /// `Some(None)`: no end.
    pub expires_at: Option<Option<Timestamp>>,
}

const COLUMNS: &str = "SELECT id, tenant, owner, collection, name, password, level, hide_metadata, max_views, views, \
     expires_at, revoked_at, created_at FROM share WHERE ";

fn read(row: Row) -> Result<Share, Error> {
    let mut row = row.of("share");
    Ok(Share {
        id: row.next("id")?,
        tenant: row.next("tenant")?,
        owner: row.next("owner")?,
        collection: row.next("collection")?,
        name: row.next("name")?,
        password: row.next("password")?,
        level: row.next("level")?,
        hide_metadata: row.next("hide_metadata")?,
        max_views: row.next("max_views")?,
        views: row.next("views")?,
        expires_at: row.next("expires_at")?,
        revoked_at: row.next("revoked_at")?,
        created_at: row.next("created_at")?,
    })
}

/// Adds a link and forgets what its owner took back long ago.
///
/// # Errors
/// [`Error::Conflict`] when there is no such owner or collection.
pub async fn insert(tx: &mut Tx, share: &Share) -> Result<(), Error> {
    let long_ago = share.created_at.plus_millis(-REMEMBERED_MILLIS);
    tx.execute(
        "DELETE FROM share WHERE tenant = $1 AND owner = $2 AND revoked_at < $3",
        args![share.tenant, share.owner, long_ago],
    )
    .await?;
    tx.execute(
        "INSERT INTO share (tenant, id, owner, collection, name, password, level, hide_metadata, max_views, views, \
         expires_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $11)",
        args![
            share.tenant,
            share.id,
            share.owner,
            share.collection,
            share.name.as_str(),
            share.password.as_deref(),
            share.level,
            share.hide_metadata,
            share.max_views,
            share.expires_at,
            share.created_at
        ],
    )
    .await
    .map(drop)
}

/// Puts assets (at most 1000) of the link's owner into its selection. How many of them there are.
///
/// # Errors
/// [`Error::Conflict`] when there is no such link.
pub async fn select(tx: &mut Tx, share: &Share, assets: &[AssetId]) -> Result<u64, Error> {
    let mut sql = Builder::new("INSERT INTO share_asset (tenant, share, asset) SELECT a.tenant, ");
    sql.bind(share.id)
        .push(", a.id FROM asset a WHERE a.tenant = ");
    sql.bind(share.tenant)
        .push(" AND a.owner = ")
        .bind(share.owner);
    sql.push(" AND a.id");
    sql.is_one_of(assets.iter().copied()).push(" ORDER BY a.id");
    let (sql, args) = sql.finish();
    tx.execute(sql, args).await
}

/// How many links an owner has that were not taken back.
///
/// # Errors
/// Those of the database.
pub async fn count_live(tx: &mut Tx, tenant: TenantId, owner: UserId) -> Result<u64, Error> {
    let row = tx
        .row(
            "SELECT count(*) FROM share WHERE tenant = $1 AND owner = $2 AND revoked_at IS NULL",
            args![tenant, owner],
        )
        .await?;
    row.map_or(Ok(0), |row| row.of("share").next("count"))
}

/// The link with that id, whoever's it is: for those who follow it.
///
/// # Errors
/// Those of the database.
pub async fn by_id(tx: &mut Tx, id: ShareId) -> Result<Option<Share>, Error> {
    let mut sql = Builder::new(COLUMNS);
    sql.push("id = ").bind(id);
    let (sql, args) = sql.finish();
    tx.row(sql, args).await?.map(read).transpose()
}

/// A link of an owner.
///
/// # Errors
/// Those of the database.
pub async fn of_owner(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
    id: ShareId,
) -> Result<Option<Share>, Error> {
    let found = by_id(tx, id).await?;
    Ok(found.filter(|share| share.tenant == tenant && share.owner == owner))
}

/// An owner's links, newest first, after the link `after`; with `collection`, only those to it.
///
/// # Errors
/// Those of the database.
pub async fn list(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
    collection: Option<CollectionId>,
    after: Option<ShareId>,
    limit: u32,
) -> Result<Page<Share, ShareId>, Error> {
    let mut sql = Builder::new(COLUMNS);
    sql.push("tenant = ").bind(tenant);
    sql.push(" AND owner = ").bind(owner);
    if let Some(collection) = collection {
        sql.push(" AND collection = ").bind(collection);
    }
    if let Some(after) = after {
        sql.push(" AND id < ").bind(after);
    }
    sql.push(" ORDER BY id DESC LIMIT ").bind(one_more(limit));
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    let found = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    Ok(Page::cut(found, limit, |share| share.id))
}

/// Changes a link of an owner that was not taken back. Whether there is one.
///
/// # Errors
/// Those of the database.
pub async fn update(
    tx: &mut Tx,
    (tenant, owner): (TenantId, UserId),
    id: ShareId,
    change: &Change,
    now: Timestamp,
) -> Result<bool, Error> {
    let mut sql = Builder::new("UPDATE share SET updated_at = ");
    sql.bind(now);
    if let Some(name) = &change.name {
        sql.push(", name = ").bind(name);
    }
    if let Some(password) = &change.password {
        sql.push(", password = ").bind(password.as_deref());
    }
    if let Some(level) = change.level {
        sql.push(", level = ").bind(level);
    }
    if let Some(hide) = change.hide_metadata {
        sql.push(", hide_metadata = ").bind(hide);
    }
    if let Some(max) = change.max_views {
        sql.push(", max_views = ").bind(max);
    }
    if let Some(end) = change.expires_at {
        sql.push(", expires_at = ").bind(end);
    }
    sql.push(" WHERE tenant = ").bind(tenant);
    sql.push(" AND owner = ").bind(owner);
    sql.push(" AND revoked_at IS NULL AND id = ").bind(id);
    let (sql, args) = sql.finish();
    tx.changed(sql, args).await
}

/// Takes a link of an owner back, for good. Whether it was live.
///
/// # Errors
/// Those of the database.
pub async fn revoke(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
    id: ShareId,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE share SET revoked_at = $4, updated_at = $4 \
         WHERE tenant = $1 AND owner = $2 AND id = $3 AND revoked_at IS NULL",
        args![tenant, owner, id, now],
    )
    .await
}

/// Counts that a link was opened, if it may be. `false`: it was taken back, is over or is used up.
///
/// # Errors
/// Those of the database.
pub async fn count_view(
    tx: &mut Tx,
    tenant: TenantId,
    id: ShareId,
    now: Timestamp,
) -> Result<bool, Error> {
    tx.changed(
        "UPDATE share SET views = views + 1 WHERE tenant = $1 AND id = $2 AND revoked_at IS NULL \
         AND (expires_at IS NULL OR expires_at > $3) AND (max_views IS NULL OR views < max_views)",
        args![tenant, id, now],
    )
    .await
}

/// What a link opens to its visitors at this moment, a collection with those nested in it.
///
/// # Errors
/// Those of the database.
pub async fn visibility(tx: &mut Tx, share: &Share) -> Result<Visibility, Error> {
    let level = share.opens_to();
    let Some(collection) = share.collection else {
        let selection = [(Container::Share(share.id), level)];
        return Ok(Visibility::through(share.tenant, selection));
    };
    let rows = tx
        .rows(
            "WITH RECURSIVE open (id) AS ( \
                SELECT id FROM collection WHERE tenant = $1 AND id = $2 AND owner = $3 AND query IS NULL \
                UNION SELECT c.id FROM open JOIN collection c \
                    ON c.tenant = $1 AND c.parent = open.id AND c.query IS NULL) \
             SELECT id FROM open LIMIT 5000",
            args![share.tenant, collection, share.owner],
        )
        .await?;
    let open: Vec<(Container, Level)> = rows
        .into_iter()
        .map(|row| {
            let id: CollectionId = row.of("collection").next("id")?;
            Ok((Container::Collection(id), level))
        })
        .collect::<Result<_, Error>>()?;
    Ok(Visibility::through(share.tenant, open))
}

/// How many assets are visible.
///
/// # Errors
/// Those of the database.
pub async fn count_visible(tx: &mut Tx, visibility: &Visibility) -> Result<u64, Error> {
    let mut sql = Builder::new("SELECT count(*) FROM asset a WHERE ");
    admitted(&mut sql, visibility);
    let (sql, args) = sql.finish();
    let row = tx.row(sql, args).await?;
    row.map_or(Ok(0), |row| row.of("asset").next("count"))
}

/// The visible assets in the order of their ids, at most `limit`.
///
/// # Errors
/// Those of the database.
pub async fn visible_ids(
    tx: &mut Tx,
    visibility: &Visibility,
    limit: u32,
) -> Result<Vec<AssetId>, Error> {
    let mut sql = Builder::new("SELECT a.id FROM asset a WHERE ");
    admitted(&mut sql, visibility);
    sql.push(" ORDER BY a.id LIMIT ").bind(limit);
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter()
        .map(|row| row.of("asset").next("id"))
        .collect()
}
