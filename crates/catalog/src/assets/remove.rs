//! Deleting an asset for good: its rows, its references, and the facts of bytes nobody has any more.

use domain::{AssetId, BlobId, Sha256, TenantId, Timestamp, UserId, Visibility};

use crate::sql::{Builder, args};
use crate::visibility::owned;
use crate::{Error, Tx, blobs, external};

/// What a deletion leaves to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// Whose it was.
    pub owner: UserId,
    /// Bytes of its versions' files: what to give back to the owner's quota.
    pub bytes: u64,
    /// Blobs it referred to. Those without references are condemned by a keeper after the grace period.
    pub blobs: Vec<BlobId>,
    /// Derived objects that nothing needs any more: delete them after the commit.
    pub renditions: Vec<String>,
}

/// Assets that went to the trash before `before`, each with the eyes of its owner, longest first.
///
/// # Errors
/// Those of the database.
pub async fn trashed_before(
    tx: &mut Tx,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<(Visibility, AssetId)>, Error> {
    let rows = tx
        .rows(
            "SELECT id, tenant, owner FROM asset WHERE trashed_at IS NOT NULL AND trashed_at < $1 \
             ORDER BY trashed_at, id LIMIT $2",
            args![before, limit],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("asset");
            let id = row.next("id")?;
            let visibility = Visibility::of_user(row.next("tenant")?, row.next("owner")?);
            Ok((visibility, id))
        })
        .collect()
}

/// Deletes an own asset with everything that hangs on it. `None`: there is none.
///
/// # Errors
/// [`Error::Conflict`] in the rare case that the same bytes are being added at this moment: try again.
pub async fn delete(
    tx: &mut Tx,
    visibility: &Visibility,
    id: AssetId,
    now: Timestamp,
) -> Result<Option<Deleted>, Error> {
    let mut sql = Builder::new("SELECT a.owner FROM asset a WHERE a.id = ");
    sql.bind(id).push(" AND ");
    owned(&mut sql, visibility);
    sql.push(" {for_update}");
    let (sql, args) = sql.finish();
    let Some(row) = tx.row(sql, args).await? else {
        return Ok(None);
    };
    let owner = row.of("asset").next("owner")?;
    let tenant = visibility.tenant();
    let files = files_of_all_versions(tx, tenant, id).await?;
    tx.execute(
        "DELETE FROM version_file WHERE tenant = $1 \
         AND version IN (SELECT id FROM version WHERE tenant = $1 AND asset = $2)",
        args![tenant, id],
    )
    .await?;
    tx.execute(
        "DELETE FROM asset WHERE tenant = $1 AND id = $2",
        args![tenant, id],
    )
    .await?;
    external::dismiss(tx, tenant, id, now).await?;
    let mut deleted = Deleted {
        owner,
        bytes: files.iter().map(|file| file.charged).sum(),
        blobs: files.iter().map(|file| file.blob).collect(),
        renditions: Vec::new(),
    };
    deleted.blobs.dedup();
    for blob in &deleted.blobs {
        let count = files.iter().filter(|file| file.blob == *blob).count();
        blobs::release_references(
            tx,
            tenant,
            *blob,
            i64::try_from(count).unwrap_or(i64::MAX),
            now,
        )
        .await?;
    }
    let mut contents: Vec<Sha256> = files.iter().map(|file| file.sha256).collect();
    contents.sort_unstable();
    contents.dedup();
    for content in contents {
        deleted
            .renditions
            .extend(forget(tx, tenant, content).await?);
    }
    Ok(Some(deleted))
}

struct File {
    blob: BlobId,
    sha256: Sha256,
    /// Bytes of the owner's quota.
    charged: u64,
}

/// In the order of their blobs, which is the order in which rows are locked everywhere.
async fn files_of_all_versions(
    tx: &mut Tx,
    tenant: TenantId,
    asset: AssetId,
) -> Result<Vec<File>, Error> {
    let rows = tx
        .rows(
            "SELECT f.blob, f.sha256, CASE WHEN f.charged THEN c.size ELSE 0 END FROM version v \
             JOIN version_file f ON f.tenant = v.tenant AND f.version = v.id \
             JOIN content c ON c.tenant = f.tenant AND c.sha256 = f.sha256 \
             WHERE v.tenant = $1 AND v.asset = $2 ORDER BY f.blob",
            args![tenant, asset],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("version_file");
            Ok(File {
                blob: row.next("blob")?,
                sha256: row.next("sha256")?,
                charged: row.next("charged")?,
            })
        })
        .collect()
}

/// Deletes content that no version has any more, with its facts (they may say where somebody lives)
/// and its renditions; gives the renditions' objects.
async fn forget(tx: &mut Tx, tenant: TenantId, sha256: Sha256) -> Result<Vec<String>, Error> {
    let objects = tx
        .rows(
            "SELECT object FROM rendition WHERE tenant = $1 AND sha256 = $2",
            args![tenant, sha256],
        )
        .await?;
    let gone = tx
        .changed(
            "DELETE FROM content WHERE tenant = $1 AND sha256 = $2 \
             AND NOT EXISTS (SELECT 1 FROM version_file f WHERE f.tenant = $1 AND f.sha256 = $2)",
            args![tenant, sha256],
        )
        .await?;
    if !gone {
        return Ok(Vec::new());
    }
    objects
        .into_iter()
        .map(|row| row.of("rendition").next("object"))
        .collect()
}
