//! Everything an owner has, wherever it is put: for exports.

use domain::{AssetId, Visibility};

use super::AssetRow;
use super::hydrate::{COLUMNS, complete};
use crate::sql::Builder;
use crate::visibility::owned;
use crate::{Error, Tx};

/// The next of an owner's assets in the order of their ids: trashed, archived and locked ones, too.
///
/// # Errors
/// Those of the database.
pub async fn walk(
    tx: &mut Tx,
    visibility: &Visibility,
    after: Option<AssetId>,
    limit: u32,
) -> Result<Vec<AssetRow>, Error> {
    let mut sql = Builder::new(COLUMNS);
    sql.push(" WHERE ");
    owned(&mut sql, visibility);
    if let Some(after) = after {
        sql.push(" AND a.id > ").bind(after);
    }
    sql.push(" ORDER BY a.id LIMIT ").bind(i64::from(limit));
    let (sql, args) = sql.finish();
    let rows = tx.rows(sql, args).await?;
    complete(tx, visibility, rows).await
}
