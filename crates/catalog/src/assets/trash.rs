//! The way to the trash and back: no edit, so it leaves no revision.

use domain::{AssetId, Timestamp, Visibility};

use crate::sql::Builder;
use crate::visibility::owned;
use crate::{Error, Tx};

/// Puts an own asset into the trash. `false`: there is none, or it lies there already.
///
/// # Errors
/// Those of the database.
pub async fn trash(
    tx: &mut Tx,
    visibility: &Visibility,
    id: AssetId,
    now: Timestamp,
) -> Result<bool, Error> {
    let mut sql = Builder::new("UPDATE asset AS a SET trashed_at = ");
    sql.bind(now).push(", updated_at = ").bind(now);
    sql.push(" WHERE trashed_at IS NULL AND a.id = ")
        .bind(id)
        .push(" AND ");
    owned(&mut sql, visibility);
    let (sql, args) = sql.finish();
    tx.changed(sql, args).await
}

/// Takes an own asset out of the trash. `false`: there is none in it.
///
/// # Errors
/// Those of the database.
pub async fn restore(
    tx: &mut Tx,
    visibility: &Visibility,
    id: AssetId,
    now: Timestamp,
) -> Result<bool, Error> {
    let mut sql = Builder::new("UPDATE asset AS a SET trashed_at = NULL, updated_at = ");
    sql.bind(now);
    sql.push(" WHERE trashed_at IS NOT NULL AND a.id = ")
        .bind(id)
        .push(" AND ");
    owned(&mut sql, visibility);
    let (sql, args) = sql.finish();
    tx.changed(sql, args).await
}
