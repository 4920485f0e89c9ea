//! Derived files of a content: which were made, by which version of their step, and where they lie.

use domain::{AssetId, Sha256, TenantId, Timestamp, Visibility};

use crate::sql::{Builder, Row, args};
use crate::users::signed;
use crate::visibility::admitted;
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

/// A rendition of a visible asset's current version.
///
/// # Errors
/// Those of the database.
pub async fn get(
    tx: &mut Tx,
    visibility: &Visibility,
    asset: AssetId,
    name: &str,
) -> Result<Option<Rendition>, Error> {
    let mut sql = Builder::new(
        "SELECT r.sha256, r.name, r.step_version, r.object, r.width, r.height, r.mime, r.size, r.created_at FROM asset a \
         JOIN rendition r ON r.tenant = a.tenant AND r.sha256 = a.sha256 WHERE a.id = ",
    );
    sql.bind(asset)
        .push(" AND r.name = ")
        .bind(name)
        .push(" AND ");
    admitted(&mut sql, visibility);
    let (sql, args) = sql.finish();
    tx.row(sql, args).await?.map(read).transpose()
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
