//! Immutable versions of an asset and the files they are made of.

use domain::{
    AssetId, BlobId, MediaType, Sha256, TenantId, Timestamp, UserId, VersionId, Visibility,
};

use crate::sql::{Builder, Row, args};
use crate::visibility::{admitted, owned};
use crate::words::words;
use crate::{Error, Tx, blobs};

words! {
    /// What a file is to its version.
    FileRole {
        /// What was uploaded.
        Original = "original",
        /// The camera RAW beside it.
        Raw = "raw",
        /// The moving part of a Live or motion photo.
        Motion = "motion",
        /// Metadata beside it (XMP, Takeout JSON).
        Sidecar = "sidecar",
    }
}

/// A version to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVersion<'a> {
    /// Whose.
    pub tenant: TenantId,
    /// Its id.
    pub id: VersionId,
    /// Of which asset.
    pub asset: AssetId,
    /// Counts from 1.
    pub number: u32,
    /// Name as uploaded.
    pub file_name: &'a str,
    /// Who.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// What it is made of: role, content, blob.
    pub files: &'a [(FileRole, Sha256, BlobId)],
    /// Whether its bytes count against the owner's quota: not while they lie in a folder that is not ours.
    pub charged: bool,
}

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: VersionId,
    /// Of which asset.
    pub asset: AssetId,
    /// Counts from 1.
    pub number: u32,
    /// Name as uploaded.
    pub file_name: String,
    /// Who.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

/// A file of a version, with what is needed to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionFile {
    /// What it is to the version.
    pub role: FileRole,
    /// Digest of its bytes.
    pub sha256: Sha256,
    /// The blob.
    pub blob: BlobId,
    /// The blob's object name.
    pub object: String,
    /// Bytes.
    pub size: u64,
    /// Type by content.
    pub media_type: MediaType,
}

/// Adds a version and counts its references. The asset's row points to it by
/// [`crate::assets::insert`].
///
/// # Errors
/// [`Error::Conflict`] when the number is taken or a blob is not live any more.
pub async fn insert(tx: &mut Tx, version: &NewVersion<'_>) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO version (tenant, id, asset, number, file_name, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            version.tenant,
            version.id,
            version.asset,
            version.number,
            version.file_name,
            version.created_by,
            version.created_at
        ],
    )
    .await?;
    let mut files = version.files.to_vec();
    // Rows are always locked in the order of their ids, so that two commits cannot deadlock.
    files.sort_unstable_by_key(|(_, _, blob)| *blob);
    for (role, sha256, blob) in files {
        if !blobs::add_reference(tx, version.tenant, blob).await? {
            return Err(Error::Conflict {
                constraint: "blob_live".to_owned(),
            });
        }
        tx.execute(
            "INSERT INTO version_file (tenant, version, role, sha256, blob, charged) VALUES ($1, $2, $3, $4, $5, $6)",
            args![version.tenant, version.id, role, sha256, blob, version.charged],
        )
        .await?;
    }
    Ok(())
}

/// Counts the original of an asset's current version against its owner's quota from now on. `false`: it
/// did before.
///
/// # Errors
/// Those of the database.
pub async fn charge(tx: &mut Tx, tenant: TenantId, asset: AssetId) -> Result<bool, Error> {
    tx.changed(
        "UPDATE version_file SET charged = TRUE WHERE tenant = $1 AND role = 'original' AND charged = FALSE \
         AND version = (SELECT version FROM asset WHERE tenant = $1 AND id = $2)",
        args![tenant, asset],
    )
    .await
}

/// What became of a file to attach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attached {
    /// It belongs to the version now.
    New,
    /// It did before.
    There,
    /// The version has as many of its role as it may.
    TooMany,
}

/// Adds a file beside the original of a version and counts its reference. The blob's row must be held.
///
/// # Errors
/// [`Error::Conflict`] when the blob is not live any more.
pub async fn attach(
    tx: &mut Tx,
    tenant: TenantId,
    version: VersionId,
    (role, sha256, blob): (FileRole, Sha256, BlobId),
    most: usize,
) -> Result<Attached, Error> {
    let files = files(tx, tenant, version).await?;
    let mut of_role = files.iter().filter(|file| file.role == role);
    if of_role.any(|file| file.sha256 == sha256) {
        return Ok(Attached::There);
    }
    if files.iter().filter(|file| file.role == role).count() >= most {
        return Ok(Attached::TooMany);
    }
    if !blobs::add_reference(tx, tenant, blob).await? {
        return Err(Error::Conflict {
            constraint: "blob_live".to_owned(),
        });
    }
    tx.execute(
        "INSERT INTO version_file (tenant, version, role, sha256, blob) VALUES ($1, $2, $3, $4, $5)",
        args![tenant, version, role, sha256, blob],
    )
    .await?;
    Ok(Attached::New)
}

/// Takes a file that is not its original off a version and releases its reference.
///
/// # Errors
/// Those of the database.
pub async fn detach(
    tx: &mut Tx,
    tenant: TenantId,
    version: VersionId,
    file: &VersionFile,
    now: Timestamp,
) -> Result<(), Error> {
    let gone = tx
        .changed(
            "DELETE FROM version_file WHERE tenant = $1 AND version = $2 AND role = $3 AND sha256 = $4 \
             AND role <> 'original'",
            args![tenant, version, file.role, file.sha256],
        )
        .await?;
    if gone {
        blobs::release_references(tx, tenant, file.blob, 1, now).await?;
    }
    Ok(())
}

fn read(row: Row) -> Result<Version, Error> {
    let mut row = row.of("version");
    Ok(Version {
        id: row.next("id")?,
        asset: row.next("asset")?,
        number: row.next("number")?,
        file_name: row.next("file_name")?,
        created_by: row.next("created_by")?,
        created_at: row.next("created_at")?,
    })
}

/// The versions of a visible asset, newest first; at most 1000.
///
/// # Errors
/// Those of the database.
pub async fn list(
    tx: &mut Tx,
    visibility: &Visibility,
    asset: AssetId,
) -> Result<Vec<Version>, Error> {
    let mut sql = Builder::new(
        "SELECT v.id, v.asset, v.number, v.file_name, v.created_by, v.created_at FROM asset a \
         JOIN version v ON v.tenant = a.tenant AND v.asset = a.id WHERE a.id = ",
    );
    sql.bind(asset).push(" AND ");
    admitted(&mut sql, visibility);
    sql.push(" ORDER BY v.number DESC LIMIT 1000");
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter().map(read).collect()
}

fn read_file(mut row: Row) -> Result<VersionFile, Error> {
    Ok(VersionFile {
        role: row.next("role")?,
        sha256: row.next("sha256")?,
        blob: row.next("blob")?,
        object: row.next("object")?,
        size: row.next("size")?,
        media_type: row.next("media_type")?,
    })
}

/// The files of a visible asset's current version.
///
/// # Errors
/// Those of the database.
pub async fn files_of(
    tx: &mut Tx,
    visibility: &Visibility,
    asset: AssetId,
) -> Result<Vec<VersionFile>, Error> {
    let mut sql = Builder::new(
        "SELECT f.role, f.sha256, f.blob, b.object, c.size, c.media_type FROM asset a \
         JOIN version_file f ON f.tenant = a.tenant AND f.version = a.version \
         JOIN blob b ON b.tenant = f.tenant AND b.id = f.blob \
         JOIN content c ON c.tenant = f.tenant AND c.sha256 = f.sha256 WHERE a.id = ",
    );
    sql.bind(asset).push(" AND ");
    admitted(&mut sql, visibility);
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter()
        .map(|row| read_file(row.of("version_file")))
        .collect()
}

/// The files of a version: for workers, who act for no caller.
///
/// # Errors
/// Those of the database.
pub async fn files(
    tx: &mut Tx,
    tenant: TenantId,
    version: VersionId,
) -> Result<Vec<VersionFile>, Error> {
    let rows = tx
        .rows(
            "SELECT f.role, f.sha256, f.blob, b.object, c.size, c.media_type FROM version_file f \
             JOIN blob b ON b.tenant = f.tenant AND b.id = f.blob \
             JOIN content c ON c.tenant = f.tenant AND c.sha256 = f.sha256 \
             WHERE f.tenant = $1 AND f.version = $2",
            args![tenant, version],
        )
        .await?;
    rows.into_iter()
        .map(|row| read_file(row.of("version_file")))
        .collect()
}

/// The version with this number of an own asset.
///
/// # Errors
/// Those of the database.
pub async fn numbered(
    tx: &mut Tx,
    visibility: &Visibility,
    asset: AssetId,
    number: u32,
) -> Result<Option<Version>, Error> {
    let mut sql = Builder::new(
        "SELECT v.id, v.asset, v.number, v.file_name, v.created_by, v.created_at FROM asset a \
         JOIN version v ON v.tenant = a.tenant AND v.asset = a.id WHERE a.id = ",
    );
    sql.bind(asset).push(" AND v.number = ").bind(number);
    sql.push(" AND ");
    owned(&mut sql, visibility);
    let (sql, args) = sql.finish();
    tx.row(sql, args).await?.map(read).transpose()
}

/// The files of all versions of an own asset, each with its version.
///
/// # Errors
/// Those of the database.
pub async fn files_of_each(
    tx: &mut Tx,
    visibility: &Visibility,
    asset: AssetId,
) -> Result<Vec<(VersionId, VersionFile)>, Error> {
    let mut sql = Builder::new(
        "SELECT v.id, f.role, f.sha256, f.blob, b.object, c.size, c.media_type FROM asset a \
         JOIN version v ON v.tenant = a.tenant AND v.asset = a.id \
         JOIN version_file f ON f.tenant = v.tenant AND f.version = v.id \
         JOIN blob b ON b.tenant = f.tenant AND b.id = f.blob \
         JOIN content c ON c.tenant = f.tenant AND c.sha256 = f.sha256 WHERE a.id = ",
    );
    sql.bind(asset).push(" AND ");
    owned(&mut sql, visibility);
    sql.push(" ORDER BY v.number DESC LIMIT 5000");
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("version_file");
            let version = row.next("version")?;
            Ok((version, read_file(row)?))
        })
        .collect()
}
