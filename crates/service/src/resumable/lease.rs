//! The right to write to an upload. Whoever asks while another holds it makes that one hear of it, and gets
//! it when that one has saved what it has; or when that one has been silent for [`LEASE`], because its node
//! is gone. Of several who wait the last one gets it: the others' connections are the older ones.

use std::time::Duration;

use catalog::resumable::lease::{self as rows, Heard, Key};
use domain::{TenantId, Timestamp, UploadId};
use futures::FutureExt;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::locked;
use crate::Vault;
use crate::error::Result;

/// How long a holder may be silent.
const LEASE: Duration = Duration::from_secs(15);

/// How often a holder says that it is there, and hears whether somebody waits.
pub(super) const BEAT: Duration = Duration::from_secs(2);

/// How long one waits before it is told to come again: longer than a dead node holds on.
const PATIENCE: Duration = Duration::from_secs(20);

/// Pause between two looks whether it is free.
const GLANCE: Duration = Duration::from_millis(150);

/// The right to write to an upload.
pub(super) struct Lease {
    vault: Vault,
    pub(super) key: Key,
}

/// Says that the holder is there until dropped.
pub(super) struct Beating(JoinHandle<()>);

impl Drop for Beating {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Lease {
    /// Takes it, after asking whoever has it to let go.
    pub(super) async fn take(vault: &Vault, tenant: TenantId, upload: UploadId) -> Result<Self> {
        let lease = Self::for_upload(vault, tenant, upload);
        if lease.try_take(false).await?.is_some_and(|taken| taken) {
            return Ok(lease);
        }
        let (catalog, key) = (vault.catalog(), lease.key);
        catalog.write(move |tx| rows::want(tx, key).boxed()).await?;
        let waiting = timeout(PATIENCE, async {
            loop {
                sleep(GLANCE).await;
                match lease.try_take(true).await? {
                    Some(true) => return Ok(()),
                    Some(false) => {}
                    None => return Err(locked("another request for this upload came later")),
                }
            }
        });
        match waiting.await {
            Ok(taken) => taken.map(|()| lease),
            Err(_) => Err(locked("another request is writing to this upload")),
        }
    }

    /// Takes it if nobody has it.
    pub(super) async fn take_free(
        vault: &Vault,
        tenant: TenantId,
        upload: UploadId,
    ) -> Result<Option<Self>> {
        let lease = Self::for_upload(vault, tenant, upload);
        let taken = lease.try_take(false).await?;
        Ok(taken.filter(|taken| *taken).map(|_| lease))
    }

    fn for_upload(vault: &Vault, tenant: TenantId, upload: UploadId) -> Self {
        let key = Key {
            tenant,
            upload,
            token: vault.ids().fresh(),
        };
        Self {
            vault: vault.clone(),
            key,
        }
    }

    /// Whether it is taken now; `None` when there is no use in waiting any longer.
    async fn try_take(&self, waiting: bool) -> Result<Option<bool>> {
        let (key, now, until) = (self.key, self.vault.clock().now(), self.until());
        Ok(self
            .vault
            .catalog()
            .write(move |tx| {
                async move {
                    if waiting && !rows::is_wanted_by(tx, key).await? {
                        return Ok(None);
                    }
                    rows::take(tx, key, now, until).await.map(Some)
                }
                .boxed()
            })
            .await?)
    }

    /// Until when it holds if it is kept now.
    pub(super) fn until(&self) -> Timestamp {
        let millis = i64::try_from(LEASE.as_millis()).unwrap_or(i64::MAX);
        self.vault.clock().now().plus_millis(millis)
    }

    /// Says that the holder is there.
    pub(super) async fn keep(&self) -> Result<Heard> {
        let (key, until) = (self.key, self.until());
        Ok(self
            .vault
            .catalog()
            .write(move |tx| rows::keep(tx, key, until).boxed())
            .await?)
    }

    /// Goes on saying so beside other work. What is written checks the lease by itself.
    pub(super) fn beat(&self) -> Beating {
        let (vault, key) = (self.vault.clone(), self.key);
        Beating(tokio::spawn(async move {
            let lease = Self { vault, key };
            loop {
                sleep(BEAT).await;
                match lease.keep().await {
                    Ok(Heard::Lost) => return,
                    Ok(Heard::Held | Heard::Wanted) => {}
                    Err(error) => tracing::warn!(%error, "the lease of an upload was not kept"),
                }
            }
        }))
    }

    /// Gives it back. If that fails it runs out by itself.
    pub(super) async fn give_back(self) {
        let key = self.key;
        let catalog = self.vault.catalog();
        let given = catalog
            .write(move |tx| rows::give_back(tx, key).boxed())
            .await;
        if let Err(error) = given {
            tracing::warn!(%error, "the lease of an upload was not given back, and will run out");
        }
    }
}
