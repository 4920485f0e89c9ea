//! Sidecars in an external folder: small, so they are copied into the vault beside what they speak of, by
//! the way that uploaded ones come in.

use blobs::external::Stamp;
use catalog::external::{self, Entry, EntryState};
use domain::{AssetId, Sha256};
use futures::{FutureExt, TryStreamExt};

use super::{MAX_UNSETTLED, Scan, Stop};
use crate::companions::Role;
use crate::error::Error;

/// Largest sidecar, in bytes; what is larger is something else.
const MAX_SIZE: u64 = 4 << 20;

/// When a sidecar is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// What it lies beside may be met later.
    AsMet,
    /// Everything was met.
    Last,
}

/// The name a sidecar's path bears, without its ending.
pub(super) fn of(path: &str) -> Option<&str> {
    let (name, ending) = path.rsplit_once('.')?;
    ending.eq_ignore_ascii_case("xmp").then_some(name)
}

impl Scan {
    /// Gives a sidecar to the asset of the file it lies beside.
    pub(super) async fn attach(&mut self, path: String, order: Order) -> Result<(), Stop> {
        self.keep().await?;
        let file = match self.place.open(&path).await {
            Ok(Some(file)) => file,
            // Gone again.
            Ok(None) => return Ok(()),
            Err(error) => return self.unreadable(path, Stamp::UNKNOWN, &error).await,
        };
        let stamp = file.stamp();
        let Some(asset) = self.asset_beside(&path).await? else {
            if order == Order::AsMet && self.early.len() < MAX_UNSETTLED {
                self.early.push(path);
                return Ok(());
            }
            return self
                .refuse(&path, stamp, "There is no file beside it.")
                .await;
        };
        if stamp.size > MAX_SIZE {
            return self
                .refuse(&path, stamp, "It is too large for a sidecar.")
                .await;
        }
        let pieces: Result<Vec<_>, _> = file.stream(0..stamp.size).try_collect().await;
        let bytes = match pieces {
            Ok(pieces) => pieces.concat(),
            Err(error) => return self.unreadable(path, stamp, &error).await,
        };
        let entry = Entry {
            folder: self.folder.id,
            path,
            state: EntryState::Beside,
            size: stamp.size,
            modified: stamp.modified,
            sha256: Some(Sha256::of(&bytes)),
            asset: None,
            problem: None,
            state_at: self.vault.clock().now(),
        };
        match self.hand_over(asset, bytes).await {
            Ok(()) => self.note(entry).await,
            Err(Error::Refused { detail, .. }) => self.refuse(&entry.path, stamp, &detail).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn asset_beside(&self, path: &str) -> Result<Option<AssetId>, Stop> {
        let (tenant, id) = (self.folder.tenant, self.folder.id);
        let name = of(path).unwrap_or(path).to_owned();
        Ok(self
            .vault
            .catalog()
            .read(move |tx| async move { external::beside(tx, tenant, id, &name).await }.boxed())
            .await?)
    }

    async fn hand_over(&self, asset: AssetId, bytes: Vec<u8>) -> Result<(), Error> {
        let vault = &self.vault;
        let mut companion = vault
            .receive_companion(&self.caller, asset, Role::Sidecar)
            .await?;
        companion.write(bytes.into()).await?;
        companion.finish().await
    }

    async fn note(&mut self, entry: Entry) -> Result<(), Stop> {
        self.progress.beside += 1;
        self.put(entry).await
    }
}
