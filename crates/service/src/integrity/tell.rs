//! Tells those who look after the vault what became of copies: seldom enough to be read.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use catalog::{findings, roles};
use domain::Permission;
use futures::FutureExt;
use serde_json::{Value, json};

use crate::Vault;
use crate::error::Result;
use crate::notifications::{self, Notification};

/// Shortest time between two messages about damage.
const REST_MILLIS: i64 = 10 * 60 * 1000;

/// What was found since people were told last.
#[derive(Debug, Default)]
pub(crate) struct Alarms {
    found: AtomicU64,
    repaired: AtomicU64,
    told: AtomicI64,
}

impl Alarms {
    pub(super) fn found(&self, copies: u64) {
        self.found.fetch_add(copies, Ordering::Relaxed);
    }

    pub(super) fn repaired(&self, copies: u64) {
        self.repaired.fetch_add(copies, Ordering::Relaxed);
    }

    /// What is to be told now, if anything.
    fn take(&self, now: i64) -> Option<(u64, u64)> {
        let due = now - self.told.load(Ordering::Relaxed) >= REST_MILLIS;
        if !due || self.found.load(Ordering::Relaxed) == 0 {
            return None;
        }
        self.told.store(now, Ordering::Relaxed);
        let found = self.found.swap(0, Ordering::Relaxed);
        Some((found, self.repaired.swap(0, Ordering::Relaxed)))
    }
}

/// Tells of copies that were found wrong since the last message.
pub(crate) async fn damage(vault: &Vault) -> Result<()> {
    let now = vault.clock().now().millis();
    let Some((found, repaired)) = vault.alarms().take(now) else {
        return Ok(());
    };
    let open = vault
        .catalog()
        .read(|tx| findings::open(tx).boxed())
        .await?;
    let detail = json!({"found": found, "repaired": repaired, "open": open});
    everybody(vault, "copies.damaged", detail).await
}

/// Tells that the replica has been away for long.
pub(crate) async fn replica_is_away(vault: &Vault, replica: &str, why: &str) -> Result<()> {
    let detail = json!({"replica": replica, "why": why});
    everybody(vault, "replica.away", detail).await
}

/// Tells that a replica takes copies again, to those who were told that it does not.
pub(crate) async fn replica_is_back(vault: &Vault, replica: &str) -> Result<()> {
    everybody(vault, "replica.back", json!({"replica": replica})).await
}

async fn everybody(vault: &Vault, kind: &'static str, detail: Value) -> Result<()> {
    let vault_of_body = vault.clone();
    vault
        .catalog()
        .write_as::<_, crate::Error, _>(move |tx| {
            async move {
                let vault = vault_of_body;
                for (tenant, user) in roles::holders(tx, Permission::SystemMaintain).await? {
                    let message = Notification {
                        tenant,
                        id: vault.ids().fresh(),
                        user,
                        kind: kind.to_owned(),
                        subject: None,
                        detail: detail.clone(),
                        created_at: vault.clock().now(),
                        read_at: None,
                    };
                    notifications::send(tx, &message).await?;
                }
                Ok(())
            }
            .boxed()
        })
        .await?;
    vault.committed();
    Ok(())
}
