//! Making another version the current one.

use domain::{AssetId, MediaKind, Sha256, Timestamp, VersionId, Visibility};

use crate::sql::Builder;
use crate::visibility::owned;
use crate::{Error, Tx};

/// A version that becomes the current one.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// Of which own asset.
    pub asset: AssetId,
    /// Its id; to be inserted in the same transaction.
    pub version: VersionId,
    /// Digest of its original; the content is there already.
    pub sha256: Sha256,
    /// What it shows the asset as.
    pub kind: MediaKind,
    /// Name as uploaded.
    pub file_name: &'a str,
    /// When.
    pub at: Timestamp,
}

/// Points an own asset to a version that is about to be inserted; gives the version's number. `None`:
/// there is no such asset. What people said of the asset stays.
///
/// # Errors
/// [`Error::Conflict`] when its owner has these bytes as another asset.
pub async fn turn(
    tx: &mut Tx,
    visibility: &Visibility,
    turn: &Turn<'_>,
) -> Result<Option<u32>, Error> {
    let mut sql = Builder::new("UPDATE asset AS a SET version = ");
    sql.bind(turn.version).push(", sha256 = ").bind(turn.sha256);
    sql.push(", size = (SELECT c.size FROM content c WHERE c.tenant = ");
    sql.bind(visibility.tenant()).push(" AND c.sha256 = ");
    sql.bind(turn.sha256).push(")");
    sql.push(", kind = ").bind(turn.kind);
    sql.push(", file_name = ").bind(turn.file_name);
    sql.push(", updated_at = ").bind(turn.at);
    sql.push(
        ", version_number = version_number + 1, \
         status = CASE WHEN status = 'quarantined' THEN status ELSE 'pending' END WHERE a.id = ",
    );
    sql.bind(turn.asset).push(" AND ");
    owned(&mut sql, visibility);
    sql.push(" RETURNING version_number");
    let (sql, args) = sql.finish();
    let row = tx.row(sql, args).await?;
    row.map(|row| row.of("asset").next("version_number"))
        .transpose()
}
