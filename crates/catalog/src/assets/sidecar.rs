//! What a sidecar says of an asset: kept beside what the file says, so that another sidecar takes its
//! place, and nothing of it is taken for a person's word.

use domain::{AssetId, Facts, TenantId, Timestamp};

use super::derive::lock;
use super::{apply_facts, tags};
use crate::sql::args;
use crate::{Error, Tx};

/// What the sidecar before told, and what goes by it.
struct Before {
    favourite: bool,
    beside: Facts,
    /// Keywords of the file that have become tags.
    of_file: Vec<String>,
}

impl Before {
    /// The keywords that held until now: those of the sidecar before, else the file's, if this one has
    /// any to put in their place.
    fn told(&self, tells: &[String]) -> &[String] {
        if self.beside.keywords.is_empty() && !tells.is_empty() {
            &self.of_file
        } else {
            &self.beside.keywords
        }
    }
}

/// Lets a sidecar's facts hold of an asset. What a person said goes before them. Of tags and the
/// favourite, which are not told apart by who gave them, only what this sidecar says otherwise than the
/// one before is changed: a tag that somebody took away stays away. `false`: there is no such asset.
///
/// # Errors
/// Those of the database.
pub async fn apply_sidecar(
    tx: &mut Tx,
    tenant: TenantId,
    asset: AssetId,
    sidecar: &Facts,
    now: Timestamp,
) -> Result<bool, Error> {
    lock(tx, tenant, asset).await?;
    let Some(before) = before(tx, tenant, asset).await? else {
        return Ok(false);
    };
    let tells = &sidecar.keywords;
    let told = before.told(tells);
    let missing = |from: &[String], other: &[String]| -> Vec<String> {
        let known: Vec<String> = other.iter().map(|tag| tags::normalise(tag)).collect();
        let is_new = |tag: &&String| !known.contains(&tags::normalise(tag));
        from.iter().filter(is_new).cloned().collect()
    };
    tags::remove(tx, tenant, asset, &missing(told, tells)).await?;
    tags::add(tx, tenant, asset, &missing(tells, told)).await?;
    let favourite = match (before.beside.favourite, sidecar.favourite) {
        (was, is) if was == is => before.favourite,
        (_, Some(is)) => is,
        (_, None) => false,
    };
    let json =
        serde_json::to_string(sidecar).map_err(|error| Error::database(error.to_string()))?;
    tx.execute(
        "UPDATE asset SET beside = $3, favourite = $4 WHERE tenant = $1 AND id = $2",
        args![tenant, asset, json, favourite],
    )
    .await?;
    apply_facts(tx, tenant, asset, now).await
}

async fn before(tx: &mut Tx, tenant: TenantId, asset: AssetId) -> Result<Option<Before>, Error> {
    let row = tx
        .row(
            "SELECT a.favourite, a.beside, c.facts, a.keywords_of IS NOT NULL FROM asset a \
             JOIN content c ON c.tenant = a.tenant AND c.sha256 = a.sha256 WHERE a.tenant = $1 AND a.id = $2",
            args![tenant, asset],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let mut row = row.of("asset");
    let favourite = row.next("favourite")?;
    let beside: Option<Facts> = row.next("beside")?;
    let file: Facts = row.next("facts")?;
    let taken: bool = row.next("keywords_of")?;
    Ok(Some(Before {
        favourite,
        beside: beside.unwrap_or_default(),
        of_file: if taken { file.keywords } else { Vec::new() },
    }))
}
