//! Derived files of a content: which were made, by which version of their step, and where they lie.

use domain::{AssetId, Container, Sha256, Standing, TenantId, Timestamp, Visibility};

use crate::sql::{Builder, Row, args};
use crate::users::signed;
use crate::{Error, Tx};

/// A derived picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// The content it was made from.
    pub sha256: Sha256,
    /// `thumb`, `preview`.
    pub name: String,
    /// Version of the step that made it; the `v` of its URL.
    pub step_version: u32,
    /// The derived object's name.
    pub object: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// `type/subtype`.
    pub mime: String,
    /// Bytes.
    pub size: u64,
    /// When it was made.
    pub created_at: Timestamp,
}

fn read(row: Row) -> Result<Rendition, Error> {
    let mut row = row.of("rendition");
    Ok(Rendition {
        sha256: row.next("sha256")?,
        name: row.next("name")?,
        step_version: row.next("step_version")?,
        object: row.next("object")?,
        width: row.next("width")?,
        height: row.next("height")?,
        mime: row.next("mime")?,
        size: row.next("size")?,
        created_at: row.next("created_at")?,
    })
}

/// Adds a rendition, or replaces one of the same or an older step version. `false`: a newer one is
/// there; delete the object just made.
///
/// # Errors
/// [`Error::Conflict`] when there is no such content.
pub async fn put(tx: &mut Tx, tenant: TenantId, rendition: &Rendition) -> Result<bool, Error> {
    tx.changed(
        "INSERT INTO rendition (tenant, sha256, name, step_version, object, width, height, mime, size, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (tenant, sha256, name) DO UPDATE SET step_version = excluded.step_version, \
         object = excluded.object, width = excluded.width, height = excluded.height, mime = excluded.mime, \
         size = excluded.size, created_at = excluded.created_at \
         WHERE rendition.step_version <= excluded.step_version",
        args![
            tenant,
            rendition.sha256,
            rendition.name.as_str(),
            rendition.step_version,
            rendition.object.as_str(),
            rendition.width,
            rendition.height,
            rendition.mime.as_str(),
            signed(rendition.size),
            rendition.created_at
        ],
    )
    .await
}

/// What may be shown of an asset, and where it stands, which decides to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its tenant.
    pub tenant: TenantId,
    /// Everything it lies in.
    pub containers: Vec<Container>,
    /// Hidden from everybody but its owner.
    pub withheld: bool,
    /// Derived files of its current version.
    pub renditions: Vec<Rendition>,
}

impl Shown {
    /// The rendition of that name, for somebody who may see the asset.
    pub fn to(&self, visibility: &Visibility, name: &str) -> Option<&Rendition> {
        let standing = Standing {
            tenant: self.tenant,
            containers: &self.containers,
            withheld: self.withheld,
        };
        let mut renditions = self.renditions.iter();
        renditions.find(|made| made.name == name && visibility.admits(standing))
    }
}

/// What may be shown of an asset, whoever asks: to be held against a [`Visibility`] by
/// [`Shown::to`].
///
/// # Errors
/// Those of the database.
pub async fn shown(tx: &mut Tx, tenant: TenantId, asset: AssetId) -> Result<Option<Shown>, Error> {
    let row = tx
        .row(
            "SELECT owner, trashed_at IS NOT NULL OR locked = TRUE OR status = 'quarantined', sha256 FROM asset \
             WHERE tenant = $1 AND id = $2",
            args![tenant, asset],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut row = row.of("asset");
    let mut containers = vec![Container::Owner(row.next("owner")?)];
    let withheld = row.next("withheld")?;
    let sha256: Sha256 = row.next("sha256")?;
    for row in tx
        .rows(
            "SELECT collection FROM collection_asset WHERE tenant = $1 AND asset = $2",
            args![tenant, asset],
        )
        .await?
    {
        let collection = row.of("collection_asset").next("collection")?;
        containers.push(Container::Collection(collection));
    }
    for row in tx
        .rows(
            "SELECT share FROM share_asset WHERE tenant = $1 AND asset = $2",
            args![tenant, asset],
        )
        .await?
    {
        containers.push(Container::Share(row.of("share_asset").next("share")?));
    }
    Ok(Some(Shown {
        tenant,
        containers,
        withheld,
        renditions: of_contents(tx, tenant, &[sha256]).await?,
    }))
}

/// The renditions of several contents of a tenant (at most 1000), in no order.
///
/// # Errors
/// Those of the database.
pub async fn of_contents(
    tx: &mut Tx,
    tenant: TenantId,
    contents: &[Sha256],
) -> Result<Vec<Rendition>, Error> {
    let mut sql = Builder::new(
        "SELECT sha256, name, step_version, object, width, height, mime, size, created_at FROM rendition WHERE tenant = ",
    );
    sql.bind(tenant).push(" AND sha256");
    sql.is_one_of(contents.iter().copied().take(1000));
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter().map(read).collect()
}

/// Object names of all renditions of a tenant in the order of (content, name), after the given one:
/// for the clean-up of derived files that nobody knows.
///
/// # Errors
/// Those of the database.
pub async fn all(
    tx: &mut Tx,
    tenant: TenantId,
    after: Option<(Sha256, &str)>,
    limit: u32,
) -> Result<Vec<Rendition>, Error> {
    let (sha256, name) = after.map_or((Vec::new(), ""), |(sha256, name)| {
        (sha256.as_bytes().to_vec(), name)
    });
    let rows = tx
        .rows(
            "SELECT sha256, name, step_version, object, width, height, mime, size, created_at FROM rendition \
             WHERE tenant = $1 AND (sha256 > $2 OR (sha256 = $2 AND name > $3)) ORDER BY sha256, name LIMIT $4",
            args![tenant, sha256, name, limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}
