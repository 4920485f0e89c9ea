//! The one transaction that makes a file in an external folder an asset. No byte is copied.
//!
//! What a file shows is decided by its bytes. Bytes that the owner has already are that asset, wherever
//! the file lies now, so a move keeps everything. Other bytes at a path whose asset lies nowhere else any
//! more are that asset's next version: somebody edited the file. Everything else is a new asset.

use catalog::assets::{self, Inserted};
use catalog::blobs::{self, Met};
use catalog::changes::{self, ChangeKind};
use catalog::external::{self, Entry, EntryState};
use catalog::{Tx, audit};
use domain::{AssetId, FolderId, MediaType, Sha256, TenantId, UserId};
use futures::FutureExt;
use identity::Caller;
use uuid::Uuid;

use ::blobs::external::Stamp;

use super::newcomer::Newcomer;
use super::{Announced, name};
use crate::Vault;
use crate::error::{Error, Result};

/// A file as it was met and read.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The folder, and who scans it.
    pub scan: ScanOf,
    /// Below the folder.
    pub path: String,
    /// What it was before and after it was read.
    pub stamp: Stamp,
    /// Its bytes.
    pub sha256: Sha256,
    /// Type by content.
    pub media_type: MediaType,
}

/// Which scan of which folder.
#[derive(Debug, Clone, Copy)]
pub struct ScanOf {
    pub tenant: TenantId,
    pub folder: FolderId,
    /// In whose library its files appear.
    pub owner: UserId,
    pub token: Uuid,
    pub number: i64,
}

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// An asset that was not there.
    New,
    /// A new version of the asset that lay at its path.
    Changed,
    /// Something the owner has.
    Known,
    /// Something the owner deleted for good.
    Dismissed,
    /// The scan is somebody else's by now; nothing was written.
    Lost,
}

struct Plan {
    new: Newcomer,
    placed: Placed,
    met: Met,
    entry: audit::Entry,
}

/// Makes an asset of a file, or finds the one that it is.
pub async fn index(vault: &Vault, caller: &Caller, placed: Placed) -> Result<Outcome> {
    let file_name = placed.path.rsplit('/').next().unwrap_or_default();
    let announced = Announced {
        file_name: name::clean(file_name)?,
        ..Announced::default()
    };
    let bytes = (placed.sha256, placed.stamp.size, placed.media_type);
    let new = Newcomer::new(vault, caller, announced, bytes);
    let plan = Plan {
        met: Met {
            tenant: caller.tenant,
            id: vault.ids().fresh(),
            sha256: placed.sha256,
            size: placed.stamp.size,
        },
        entry: vault.audited(caller, "asset.found", new.asset),
        new,
        placed,
    };
    let outcome = vault
        .catalog()
        .write_as::<_, Error, _>(|tx| plan.write(tx).boxed())
        .await?;
    if matches!(outcome, Outcome::New | Outcome::Changed) {
        vault.committed_in((caller.tenant, caller.user));
    }
    Ok(outcome)
}

impl Plan {
    async fn write(mut self, tx: &mut Tx) -> Result<Outcome> {
        let scan = self.placed.scan;
        if !external::hold(tx, scan.tenant, scan.folder, scan.token).await? {
            return Ok(Outcome::Lost);
        }
        // Two ways in for the same bytes come one by one.
        catalog::collections::lock(tx, scan.tenant, scan.owner).await?;
        let hashes = [self.placed.sha256];
        let known = assets::find_by_hashes(tx, scan.tenant, scan.owner, &hashes).await?;
        if let Some(known) = known.first() {
            if known.trashed && !external::has_place(tx, scan.tenant, known.asset).await? {
                self.bring_back(tx, known.asset).await?;
            }
            self.put(tx, EntryState::Present, Some(known.asset)).await?;
            return Ok(Outcome::Known);
        }
        if external::is_dismissed(tx, scan.tenant, scan.owner, self.placed.sha256).await? {
            self.put(tx, EntryState::Dismissed, None).await?;
            return Ok(Outcome::Dismissed);
        }
        self.new.insert_content(tx).await?;
        match self.edited(tx).await? {
            Some(asset) => self.next_version(tx, asset).await,
            None => self.first_version(tx).await,
        }
    }

    /// The asset that lay at this path and lies nowhere else.
    async fn edited(&self, tx: &mut Tx) -> Result<Option<AssetId>> {
        let (scan, path) = (self.placed.scan, self.placed.path.clone());
        let before = external::known(tx, scan.tenant, scan.folder, &[path]).await?;
        let Some(before) = before.into_values().next() else {
            return Ok(None);
        };
        let Some(asset) = before.asset else {
            return Ok(None);
        };
        if external::others_present(tx, scan.tenant, &before).await? {
            return Ok(None);
        }
        // Its owner may have given it another version meanwhile: that is not to be hidden by this one.
        let now = assets::get(tx, &self.new.caller.visibility(), asset).await?;
        Ok(now
            .filter(|now| Some(now.sha256) == before.sha256)
            .map(|now| now.id))
    }

    async fn next_version(&mut self, tx: &mut Tx, asset: AssetId) -> Result<Outcome> {
        self.new.asset = asset;
        self.entry.subject = Some(asset.uuid());
        let number = self.new.turn(tx).await?;
        let blob = blobs::adopt_in_place(tx, self.met, self.new.now).await?;
        self.new.insert_version(tx, number, blob, false).await?;
        let status = self.new.begin().again(tx).await?;
        self.announce(tx, ChangeKind::Updated, status).await?;
        self.put(tx, EntryState::Present, Some(asset)).await?;
        Ok(Outcome::Changed)
    }

    async fn first_version(&self, tx: &mut Tx) -> Result<Outcome> {
        if let Inserted::Existing(known) = self.new.insert_asset(tx).await? {
            self.put(tx, EntryState::Present, Some(known.asset)).await?;
            return Ok(Outcome::Known);
        }
        let blob = blobs::adopt_in_place(tx, self.met, self.new.now).await?;
        self.new.insert_version(tx, 1, blob, false).await?;
        let status = self.new.begin().first(tx).await?;
        self.announce(tx, ChangeKind::Created, status).await?;
        let asset = Some(self.new.asset);
        self.put(tx, EntryState::Present, asset).await?;
        Ok(Outcome::New)
    }

    async fn announce(
        &self,
        tx: &mut Tx,
        kind: ChangeKind,
        status: Option<domain::Status>,
    ) -> Result<()> {
        let (tenant, asset) = (self.placed.scan.tenant, self.new.asset);
        audit::append(tx, &self.entry).await?;
        Ok(changes::of_asset(tx, tenant, asset, kind, status, self.new.now).await?)
    }

    /// Out of the trash, where it went when its folder was let go.
    async fn bring_back(&self, tx: &mut Tx, asset: AssetId) -> Result<()> {
        let (visibility, now) = (self.new.caller.visibility(), self.new.now);
        if assets::restore(tx, &visibility, asset, now).await? {
            let asset = self.new.look(tx, asset).await?;
            let (tenant, kind) = (self.placed.scan.tenant, ChangeKind::Restored);
            changes::of_asset(tx, tenant, asset.id, kind, Some(asset.status), now).await?;
        }
        Ok(())
    }

    async fn put(&self, tx: &mut Tx, state: EntryState, asset: Option<AssetId>) -> Result<()> {
        let (scan, placed) = (self.placed.scan, &self.placed);
        let entry = Entry {
            folder: scan.folder,
            path: placed.path.clone(),
            state,
            size: placed.stamp.size,
            modified: placed.stamp.modified,
            sha256: Some(placed.sha256),
            asset,
            problem: None,
            state_at: self.new.now,
        };
        Ok(external::put(tx, scan.tenant, &entry, scan.number).await?)
    }
}
