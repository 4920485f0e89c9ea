//! What somebody's library weighs, and where the weight lies.

use domain::{AssetId, MediaKind, TenantId, Timestamp, UserId};

use crate::sql::args;
use crate::{Error, Tx};

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// The assets of one kind that arrived on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// What they are.
    pub kind: MediaKind,
    /// The beginning of that day, UTC.
    pub day: Timestamp,
    /// In the trash.
    pub trashed: bool,
    /// How many.
    pub count: u64,
    /// Bytes of their originals.
    pub bytes: u64,
}

/// A large asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Large {
    /// Its id.
    pub id: AssetId,
    /// Its file's name.
    pub file_name: String,
    /// What it is.
    pub kind: MediaKind,
    /// Bytes of its original.
    pub bytes: u64,
    /// In the trash.
    pub trashed: bool,
}

/// Assets of `owner` by kind, day of arrival and trash: one pass, from which all sums follow.
///
/// # Errors
/// Those of the database.
pub async fn slices(tx: &mut Tx, tenant: TenantId, owner: UserId) -> Result<Vec<Slice>, Error> {
    let rows = tx
        .rows(
            "SELECT a.kind, a.created_at / $3, a.trashed_at IS NOT NULL, count(*), CAST(sum(a.size) AS {int}) \
             FROM asset a WHERE a.tenant = $1 AND a.owner = $2 GROUP BY 1, 2, 3",
            args![tenant, owner, DAY],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("asset");
            Ok(Slice {
                kind: row.next("kind")?,
                day: Timestamp::from_millis(row.next::<i64>("day")?.saturating_mul(DAY)),
                trashed: row.next("trashed")?,
                count: row.next("count")?,
                bytes: row.next("bytes")?,
            })
        })
        .collect()
}

/// The largest assets of `owner`, the largest first.
///
/// # Errors
/// Those of the database.
pub async fn largest(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
    limit: u32,
) -> Result<Vec<Large>, Error> {
    let rows = tx
        .rows(
            // The trash has an index of its own and is small: the rest is read from the large end.
            "SELECT id, file_name, kind, size, trashed FROM ( \
                SELECT * FROM (SELECT id, file_name, kind, size, FALSE AS trashed FROM asset \
                    WHERE tenant = $1 AND owner = $2 AND trashed_at IS NULL \
                    ORDER BY size DESC, id DESC LIMIT $3) AS kept \
                UNION ALL \
                SELECT * FROM (SELECT id, file_name, kind, size, TRUE AS trashed FROM asset \
                    WHERE tenant = $1 AND owner = $2 AND trashed_at IS NOT NULL \
                    ORDER BY size DESC, id DESC LIMIT $3) AS thrown_away \
             ) AS largest ORDER BY size DESC, id DESC LIMIT $3",
            args![tenant, owner, limit],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            let mut row = row.of("asset");
            Ok(Large {
                id: row.next("id")?,
                file_name: row.next("file_name")?,
                kind: row.next("kind")?,
                bytes: row.next("size")?,
                trashed: row.next("trashed")?,
            })
        })
        .collect()
}

/// How many earlier versions the assets of `owner` have, and the bytes of their originals.
///
/// # Errors
/// Those of the database.
pub async fn earlier_versions(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
) -> Result<(u64, u64), Error> {
    let row = tx
        .row(
            "SELECT count(*), CAST(COALESCE(sum(c.size), 0) AS {int}) FROM asset a \
             JOIN version v ON v.tenant = a.tenant AND v.asset = a.id AND v.id <> a.version \
             JOIN version_file f ON f.tenant = v.tenant AND f.version = v.id AND f.role = 'original' \
             JOIN content c ON c.tenant = f.tenant AND c.sha256 = f.sha256 \
             WHERE a.tenant = $1 AND a.owner = $2 AND a.version_number > 1",
            args![tenant, owner],
        )
        .await?;
    row.map_or(Ok((0, 0)), |row| {
        let mut row = row.of("version");
        Ok((row.next("count")?, row.next("bytes")?))
    })
}
