//! Seals what is new in the audit log, and lets go of what is old.

use catalog::audit::{self, chain};
use domain::TenantId;
use futures::FutureExt;
use serde_json::json;

use crate::Vault;
use crate::error::Result;

/// Entries that one seal covers at most.
const BATCH: u32 = 500;

/// Entries removed in one transaction.
const AT_ONCE: i64 = 5_000;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Before the first entry of a tenant there is nothing.
pub(super) const NOTHING: &[u8] = &[];

impl Vault {
    /// Gives every entry that has none its place in the chain. How many.
    pub(crate) async fn seal_audit_log(&self) -> Result<u64> {
        let mut count = 0;
        for tenant in self.tenants().await? {
            loop {
                let sealed = self.seal_some(tenant).await?;
                count += sealed;
                if sealed < u64::from(BATCH) {
                    break;
                }
            }
        }
        Ok(count)
    }

    pub(super) async fn tenants(&self) -> Result<Vec<TenantId>> {
        Ok(self
            .catalog()
            .read(|tx| catalog::tenants::all(tx).boxed())
            .await?)
    }

    async fn seal_some(&self, tenant: TenantId) -> Result<u64> {
        let (now, notary) = (self.clock().now(), self.notary().clone());
        let sealed = self
            .catalog()
            .write(move |tx| {
                async move {
                    chain::lock(tx, tenant).await?;
                    let news = chain::unsealed(tx, tenant, BATCH).await?;
                    let tip = chain::tip(tx, tenant).await?;
                    let (mut place, mut hash) =
                        tip.map_or((0, NOTHING.to_vec()), |seal| (seal.place, seal.hash));
                    let Some(youngest) = news.last().map(|link| link.at) else {
                        return Ok(None);
                    };
                    // A seal says that what happened long before it was known. Where more is
                    // waiting, that holds of what came before the youngest.
                    let at = match news.len() < BATCH as usize {
                        true => now,
                        false => youngest.min(now),
                    };
                    let mut count = 0;
                    for link in news {
                        let next = link.hash(tenant, place + 1, &hash);
                        if chain::place(tx, tenant, link.id, place + 1, &next).await? {
                            (place, hash) = (place + 1, next.as_bytes().to_vec());
                            count += 1;
                        }
                    }
                    let seal = notary.sign(tenant, chain::SealKind::Seal, (place, hash), at);
                    chain::sign(tx, &seal).await?;
                    Ok(Some((count, seal)))
                }
                .boxed()
            })
            .await?;
        let Some((count, seal)) = sealed else {
            return Ok(0);
        };
        // Where the log is collected elsewhere, this line is what nobody can take back.
        let hash = super::hex(&seal.hash);
        tracing::debug!(%tenant, place = seal.place, hash, "sealed the audit log");
        Ok(count)
    }

    /// Removes entries that are older than they are kept, up to a signed checkpoint. How many.
    pub(crate) async fn prune_audit_log(&self) -> Result<u64> {
        let days = i64::from(self.config().audit_days);
        if days == 0 {
            return Ok(0);
        }
        let mut count = 0;
        for tenant in self.tenants().await? {
            loop {
                let removed = self.prune_some(tenant, days).await?;
                count += removed;
                if removed == 0 {
                    break;
                }
            }
        }
        Ok(count)
    }

    async fn prune_some(&self, tenant: TenantId, days: i64) -> Result<u64> {
        let (now, notary) = (self.clock().now(), self.notary().clone());
        let before = now.plus_millis(-days * DAY_MILLIS);
        let mut entry = self.console_entry("audit.pruned", json!({}));
        entry.tenant = tenant;
        Ok(self
            .catalog()
            .write(move |tx| {
                async move {
                    chain::lock(tx, tenant).await?;
                    let start = chain::checkpoint(tx, tenant).await?;
                    let most = start.map_or(0, |seal| seal.place) + AT_ONCE;
                    let Some(seal) = chain::outlived(tx, tenant, before, most).await? else {
                        return Ok(0);
                    };
                    let up_to = (seal.place, seal.hash);
                    let kind = chain::SealKind::Checkpoint;
                    let checkpoint = notary.sign(tenant, kind, up_to, now);
                    chain::sign(tx, &checkpoint).await?;
                    let removed = chain::forget(tx, &checkpoint).await?;
                    entry.detail = json!({ "entries": removed, "up_to_place": checkpoint.place });
                    audit::append(tx, &entry).await?;
                    Ok(removed)
                }
                .boxed()
            })
            .await?)
    }
}
