//! The one transaction that makes uploaded bytes an asset.

use blobs::Stored;
use catalog::assets::{self, Inserted};
use catalog::blobs::{Adopted, Finished};
use catalog::changes::{self, ChangeKind};
use catalog::resumable::{self, Ending, State};
use catalog::{Tx, audit, uploads, users, versions};
use domain::{AssetId, BlobId, Code, MediaType, Timestamp};
use futures::FutureExt;
use identity::Caller;
use metrics::counter;

use super::newcomer::Newcomer;
use super::steps::Again;
use super::{Announced, Received};
use crate::Vault;
use crate::error::{Error, Result};
use crate::library::Asset;
use crate::replica::note_written;

/// Bytes that are safe in the store and belong to nobody yet.
pub struct Arrived {
    pub announced: Announced,
    pub media_type: MediaType,
    pub stored: Stored,
    pub finished_at: Timestamp,
}

/// Everything the transaction needs, made before it begins.
struct Plan {
    /// For ids of what turns out to be needed only then.
    vault: Vault,
    new: Newcomer,
    stored: Stored,
    finished_at: Timestamp,
    entry: audit::Entry,
    object: String,
}

/// Makes an asset of what arrived, or finds the one that its owner has already.
pub async fn commit(vault: &Vault, caller: &Caller, arrived: Arrived) -> Result<Received> {
    let stored = arrived.stored;
    let object = stored.object.to_string();
    let size = stored.size;
    let action = match arrived.announced.replaces {
        Some(_) => "asset.version",
        None => "asset.upload",
    };
    let bytes = (stored.sha256, size, arrived.media_type);
    let new = Newcomer::new(vault, caller, arrived.announced, bytes);
    let plan = Plan {
        vault: vault.clone(),
        entry: vault.audited(caller, action, new.asset),
        new,
        finished_at: arrived.finished_at,
        object: object.clone(),
        stored,
    };
    let outcome = vault
        .catalog()
        .write_as::<_, Error, _>(|tx| plan.write(tx).boxed())
        .await;
    // Ours only when the rows say so; otherwise the object is nobody's and goes at once, or, if
    // this stops here, with the sweep. An outcome that is not known keeps it.
    let forget = match &outcome {
        Ok((_, adopted)) => !adopted,
        Err(Error::Unavailable { .. }) => false,
        Err(_) => true,
    };
    if forget {
        vault.delete_objects(&[object]).await;
    }
    vault.committed_in((caller.tenant, caller.user));
    count(&outcome, size);
    outcome.map(|(received, _)| received)
}

fn count(outcome: &Result<(Received, bool)>, size: u64) {
    let word = match outcome {
        Ok((received, _)) if received.duplicate => "duplicate",
        Ok(_) => {
            counter!("mediavault_upload_bytes_total").increment(size);
            "stored"
        }
        Err(_) => "refused",
    };
    counter!("mediavault_uploads_total", "outcome" => word).increment(1);
}

impl Plan {
    /// The body of the transaction: what was received, and whether the new object is in use.
    async fn write(self, tx: &mut Tx) -> Result<(Received, bool)> {
        let new = &self.new;
        let (tenant, owner, now) = (new.caller.tenant, new.caller.user, new.now);
        self.close_resumable(tx).await?;
        // Locks the owner's row: two uploads of the same bytes come one by one.
        if !users::charge(tx, tenant, owner, new.size).await? {
            return Err(Error::refused(
                Code::QuotaExceeded,
                "delete something, or ask for more room",
            ));
        }
        new.insert_content(tx).await?;
        let (adopted, status, kind) = if new.announced.replaces.is_some() {
            let number = new.turn(tx).await?;
            let adopted = self.insert_version(tx, number).await?;
            let status = new.begin().again(tx).await?;
            (adopted, status, ChangeKind::Updated)
        } else {
            if let Inserted::Existing(known) = new.insert_asset(tx).await? {
                return self.come_again(tx, known.asset).await;
            }
            let adopted = self.insert_version(tx, 1).await?;
            let status = new.begin().first(tx).await?;
            (adopted, status, ChangeKind::Created)
        };
        audit::append(tx, &self.entry).await?;
        changes::of_asset(tx, tenant, new.asset, kind, status, now).await?;
        self.finish_upload(tx, new.asset, false).await?;
        let asset = new.look(tx, new.asset).await?;
        let received = Received {
            asset,
            duplicate: false,
        };
        Ok((received, adopted))
    }

    /// Bytes that their owner has already: the asset is there. They heal it if its own were lost, and
    /// give it a home of its own if they lay in a folder that is not ours.
    async fn come_again(&self, tx: &mut Tx, asset: AssetId) -> Result<(Received, bool)> {
        let caller = &self.new.caller;
        let healed = self.heal(tx).await?;
        if healed {
            self.note_copy(tx).await?;
        }
        if !(healed && versions::charge(tx, caller.tenant, asset).await?) {
            users::refund(tx, caller.tenant, caller.user, self.new.size).await?;
        }
        let asset = self.welcome_back(tx, asset).await?;
        self.finish_upload(tx, asset.id, true).await?;
        let received = Received {
            asset,
            duplicate: true,
        };
        Ok((received, healed))
    }

    /// Puts what arrived in the place of the same bytes, if those were lost, and has everything looked
    /// at that could not be read meanwhile.
    async fn heal(&self, tx: &mut Tx) -> Result<bool> {
        let healed = catalog::blobs::heal(tx, &self.finished(), self.new.now).await?;
        if healed {
            let again = Again {
                tenant: self.new.caller.tenant,
                sha256: self.new.sha256,
                max_attempts: self.vault.config().max_attempts,
                now: self.new.now,
            };
            again.look(tx, || self.vault.ids().fresh()).await?;
        }
        Ok(healed)
    }

    /// The object as the gate has finished it.
    fn finished(&self) -> Finished<'_> {
        Finished {
            tenant: self.new.caller.tenant,
            id: self.stored.blob,
            sha256: self.stored.sha256,
            size: self.stored.size,
            stored_size: self.stored.stored_size,
            object: &self.object,
            finished_at: self.finished_at,
        }
    }

    /// Notes where the new object lies.
    async fn note_copy(&self, tx: &mut Tx) -> Result<()> {
        let (tenant, blob) = (self.new.caller.tenant, self.stored.blob);
        Ok(note_written(tx, &self.vault, tenant, blob, self.new.now).await?)
    }

    /// The version with its file; whether the blob is the one that has just been written.
    async fn insert_version(&self, tx: &mut Tx, number: u32) -> Result<bool> {
        let (blob, ours) = self.adopt(tx).await?;
        self.new.insert_version(tx, number, blob, true).await?;
        Ok(ours)
    }

    async fn adopt(&self, tx: &mut Tx) -> Result<(BlobId, bool)> {
        let now = self.new.now;
        self.heal(tx).await?;
        match catalog::blobs::adopt(tx, &self.finished(), now).await? {
            Adopted::Ours(blob) => {
                self.note_copy(tx).await?;
                Ok((blob.id, true))
            }
            Adopted::Existing(blob) => Ok((blob.id, false)),
            Adopted::TooOld => Err(Error::refused(
                Code::UploadInterrupted,
                "send the file again",
            )),
        }
    }

    /// The asset whose bytes came again: out of the trash, if it lay there and is not sent to be there.
    async fn welcome_back(&self, tx: &mut Tx, id: AssetId) -> Result<Asset> {
        let new = &self.new;
        let stays = new.announced.details.trashed;
        let visibility = new.caller.visibility();
        let restored = !stays && assets::restore(tx, &visibility, id, new.now).await?;
        let asset = new.look(tx, id).await?;
        if restored {
            let (tenant, kind) = (new.caller.tenant, ChangeKind::Restored);
            changes::of_asset(tx, tenant, asset.id, kind, Some(asset.status), new.now).await?;
        }
        Ok(asset)
    }

    /// Ends the resumable upload it is made of, so that what was held for it is there to be charged.
    async fn close_resumable(&self, tx: &mut Tx) -> Result<()> {
        let Some(upload) = self.new.announced.resumable else {
            return Ok(());
        };
        let ending = Ending {
            state: State::Complete,
            problem: None,
            now: self.new.now,
        };
        let open = resumable::close(tx, self.new.caller.tenant, upload, &ending).await?;
        match open {
            true => Ok(()),
            false => Err(Error::refused(
                Code::UploadGone,
                "this upload has ended meanwhile",
            )),
        }
    }

    async fn finish_upload(&self, tx: &mut Tx, asset: AssetId, duplicate: bool) -> Result<()> {
        let (tenant, announced) = (self.new.caller.tenant, &self.new.announced);
        if let Some(upload) = announced.upload {
            uploads::finish(tx, tenant, upload, asset, self.new.now).await?;
        }
        if let Some(upload) = announced.resumable {
            resumable::became(tx, tenant, upload, asset, duplicate).await?;
        }
        Ok(())
    }
}
