//! Tags of assets: stored as written, compared in a normal form.

use domain::{AssetId, TenantId};

use crate::sql::args;
use crate::{Error, Tx};

/// The form in which tags are equal: lower case, white space collapsed.
pub fn normalise(tag: &str) -> String {
    tag.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// Tags as an asset bears them: each once, in the order of their normal form.
pub(super) fn as_kept(labels: &[String]) -> Vec<String> {
    let mut kept: Vec<(String, &str)> = Vec::new();
    for label in labels {
        let tag = normalise(label);
        if !tag.is_empty() && kept.iter().all(|(known, _)| *known != tag) {
            kept.push((tag, label.trim()));
        }
    }
    kept.sort_unstable();
    kept.into_iter()
        .map(|(_, label)| label.to_owned())
        .collect()
}

/// Adds tags to an asset; those it bears (in any spelling) stay as they are.
pub(super) async fn add(
    tx: &mut Tx,
    tenant: TenantId,
    asset: AssetId,
    tags: &[String],
) -> Result<(), Error> {
    for label in tags {
        let tag = normalise(label);
        if tag.is_empty() {
            continue;
        }
        tx.execute(
            "INSERT INTO asset_tag (tenant, asset, tag, label) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (tenant, asset, tag) DO NOTHING",
            args![tenant, asset, tag, label.trim()],
        )
        .await?;
    }
    Ok(())
}

/// Takes tags off an asset, however it spells them.
pub(super) async fn remove(
    tx: &mut Tx,
    tenant: TenantId,
    asset: AssetId,
    tags: &[String],
) -> Result<(), Error> {
    for label in tags {
        tx.execute(
            "DELETE FROM asset_tag WHERE tenant = $1 AND asset = $2 AND tag = $3",
            args![tenant, asset, normalise(label)],
        )
        .await?;
    }
    Ok(())
}

/// Replaces all tags of an asset.
pub(super) async fn set(
    tx: &mut Tx,
    tenant: TenantId,
    asset: AssetId,
    tags: &[String],
) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM asset_tag WHERE tenant = $1 AND asset = $2",
        args![tenant, asset],
    )
    .await?;
    add(tx, tenant, asset, tags).await
}
