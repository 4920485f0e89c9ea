//! Files that belong to an asset's original: the moving part of a Live photo, a sidecar. They come in
//! by the same gate, count towards the quota, and go with the version they belong to. An XMP sidecar takes
//! the place of the one before it, as it does on disk.

use blobs::{Expect, Stored, Writer};
use bytes::Bytes;
use catalog::blobs::{Adopted, Finished};
use catalog::changes::{self, ChangeKind};
use catalog::versions::{self, Attached, VersionFile};
use catalog::{Tx, assets, audit, contents, steps, users};
use domain::{AssetId, Code, JobId, MediaKind, MediaType, Permission, Timestamp, VersionId};
use futures::FutureExt;
use identity::Caller;

pub use catalog::versions::FileRole as Role;

use crate::Vault;
use crate::error::{Error, Result};
use crate::jobs::version::{self, About, Order};
use crate::pipeline::{self, Carrier, priority};
use crate::replica::note_written;

/// What sniffing looks at.
const HEAD: usize = 64 << 10;

/// Largest sidecar, in bytes.
const MAX_SIDECAR: u64 = 16 << 20;

/// Most files of one role beside an original.
const MOST: usize = 4;

/// A companion on its way in. Dropping it forgets the file.
pub struct Companion {
    vault: Vault,
    caller: Caller,
    asset: AssetId,
    role: Role,
    writer: Writer,
    head: Vec<u8>,
}

impl Vault {
    /// Opens the way in for a file that belongs to one of the caller's own assets.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `QuotaExceeded`, `StorageFull`; a field problem for the role.
    pub async fn receive_companion(
        &self,
        caller: &Caller,
        asset: AssetId,
        role: Role,
    ) -> Result<Companion> {
        caller.require(Permission::AssetsWrite)?;
        self.own_asset(caller, asset).await?;
        let max_size = match role {
            Role::Original => return Err(Error::field("role", "motion, sidecar or raw")),
            Role::Sidecar => MAX_SIDECAR,
            Role::Motion | Role::Raw => self.live().max_upload_size,
        };
        self.require_quota(caller, 0).await?;
        self.require_room(0).await?;
        let blob = self.ids().fresh();
        let expect = Expect::at_most(max_size);
        let writer = self.gate().writer(caller.tenant, blob, expect).await?;
        Ok(Companion {
            vault: self.clone(),
            caller: caller.clone(),
            asset,
            role,
            writer,
            head: Vec::new(),
        })
    }
}

impl Vault {
    /// The files of an asset's current version.
    ///
    /// # Errors
    /// `NotFound` when the caller may not see it.
    pub async fn files(&self, caller: &Caller, asset: AssetId) -> Result<Vec<VersionFile>> {
        self.asset(caller, asset).await?;
        let visibility = caller.visibility();
        let files = self
            .catalog()
            .read(move |tx| async move { versions::files_of(tx, &visibility, asset).await }.boxed())
            .await?;
        Ok(files)
    }
}

impl Companion {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// `TooLarge`, `StorageFull`.
    pub async fn write(&mut self, chunk: Bytes) -> Result<()> {
        let wanted = HEAD - self.head.len();
        self.head
            .extend_from_slice(&chunk[..chunk.len().min(wanted)]);
        self.writer.write(chunk).await?;
        Ok(())
    }

    /// Ends the file: makes it durable and commits it beside the asset's current original. The same
    /// bytes twice are no error.
    ///
    /// # Errors
    /// `TypeNotAllowed`, `WrongState` when there are too many already, `QuotaExceeded`.
    pub async fn finish(self) -> Result<()> {
        let media_type = media::sniff(&self.head);
        let fits = match self.role {
            Role::Motion => media_type.kind() == MediaKind::Video,
            Role::Raw => media_type.kind() == MediaKind::Image,
            Role::Sidecar => !matches!(
                media_type.kind(),
                MediaKind::Image | MediaKind::Video | MediaKind::Audio
            ),
            Role::Original => false,
        };
        if !fits || media_type == MediaType::Executable {
            let detail = format!(
                "{media_type} cannot be the {} of a file",
                self.role.as_str()
            );
            return Err(Error::refused(Code::TypeNotAllowed, detail));
        }
        let finished_at = self.vault.clock().now();
        let stored = self.writer.finish().await?;
        let object = stored.object.to_string();
        let plan = Plan {
            entry: self.vault.audited(&self.caller, "asset.attach", self.asset),
            vault: self.vault.clone(),
            now: self.vault.clock().now(),
            job: self.vault.ids().fresh(),
            max_attempts: self.vault.config().max_attempts,
            asset: self.asset,
            role: self.role,
            caller: self.caller,
            media_type,
            stored,
            finished_at,
        };
        let outcome = self
            .vault
            .catalog()
            .write_as::<_, Error, _>(|tx| plan.write(tx).boxed())
            .await;
        // As with an original: ours only when the rows say so.
        let forget = match &outcome {
            Ok(adopted) => !adopted,
            Err(Error::Unavailable { .. }) => false,
            Err(_) => true,
        };
        if forget {
            self.vault.delete_objects(&[object]).await;
        }
        self.vault.committed();
        outcome.map(drop)
    }
}

/// Everything the transaction needs.
struct Plan {
    caller: Caller,
    asset: AssetId,
    role: Role,
    media_type: MediaType,
    stored: Stored,
    finished_at: Timestamp,
    vault: Vault,
    entry: audit::Entry,
    job: JobId,
    max_attempts: u32,
    now: Timestamp,
}

impl Plan {
    /// Whether the new object is in use.
    async fn write(self, tx: &mut Tx) -> Result<bool> {
        let (tenant, owner, now) = (self.caller.tenant, self.caller.user, self.now);
        let stored = &self.stored;
        if !users::charge(tx, tenant, owner, stored.size).await? {
            return Err(Error::refused(
                Code::QuotaExceeded,
                "delete something, or ask for more room",
            ));
        }
        let own = self.caller.visibility().own();
        let asset = assets::get(tx, &own, self.asset).await?;
        let asset = asset.ok_or_else(Error::not_found)?;
        contents::upsert(tx, tenant, stored.sha256, stored.size, self.media_type, now).await?;
        self.make_room(tx, asset.version).await?;
        let (blob, ours) = self.adopt(tx).await?;
        let file = (self.role, stored.sha256, blob);
        match versions::attach(tx, tenant, asset.version, file, MOST).await? {
            Attached::New => {}
            // The same again, perhaps to be read again: nothing else is new.
            Attached::There => users::refund(tx, tenant, owner, stored.size).await?,
            Attached::TooMany => {
                let detail = format!("there are {MOST} of these beside the original already");
                return Err(Error::refused(Code::WrongState, detail));
            }
        }
        self.plan_step(tx, asset.version).await?;
        audit::append(tx, &self.entry).await?;
        let status = assets::recompute_status(tx, tenant, asset.id, now).await?;
        changes::of_asset(tx, tenant, asset.id, ChangeKind::Updated, status, now).await?;
        Ok(ours)
    }

    /// Takes away what this file takes the place of: another XMP sidecar.
    async fn make_room(&self, tx: &mut Tx, version: VersionId) -> Result<()> {
        let (tenant, owner) = (self.caller.tenant, self.caller.user);
        if self.role != Role::Sidecar || self.media_type != MediaType::Xmp {
            return Ok(());
        }
        for file in versions::files(tx, tenant, version).await? {
            let replaced = file.role == Role::Sidecar
                && file.media_type == MediaType::Xmp
                && file.sha256 != self.stored.sha256;
            if replaced {
                versions::detach(tx, tenant, version, &file, self.now).await?;
                users::refund(tx, tenant, owner, file.size).await?;
            }
        }
        Ok(())
    }

    /// Plans what is to be done with the file.
    async fn plan_step(&self, tx: &mut Tx, version: VersionId) -> Result<()> {
        let tenant = self.caller.tenant;
        let Some(planned) = pipeline::step_beside(self.role) else {
            return Ok(());
        };
        let Carrier::Job(kind) = planned.carrier else {
            return Ok(());
        };
        let step = steps::Planned {
            name: planned.step.name,
            step_version: planned.step.version,
            picture: false,
        };
        steps::begin_anew(tx, tenant, self.asset, version, step).await?;
        let about = About {
            tenant,
            asset: self.asset,
            version,
            file: Some(self.stored.sha256),
        };
        let order = Order {
            job: self.job,
            priority: priority::FRESH,
            now: self.now,
            max_attempts: self.max_attempts,
        };
        version::enqueue(tx, kind, about, order).await?;
        Ok(())
    }

    async fn adopt(&self, tx: &mut Tx) -> Result<(domain::BlobId, bool)> {
        let (tenant, stored) = (self.caller.tenant, &self.stored);
        let finished = Finished {
            tenant,
            id: stored.blob,
            sha256: stored.sha256,
            size: stored.size,
            stored_size: stored.stored_size,
            object: &stored.object.to_string(),
            finished_at: self.finished_at,
        };
        match catalog::blobs::adopt(tx, &finished, self.now).await? {
            Adopted::Ours(blob) => {
                note_written(tx, &self.vault, tenant, blob.id, self.now).await?;
                Ok((blob.id, true))
            }
            Adopted::Existing(blob) => Ok((blob.id, false)),
            Adopted::TooOld => Err(Error::refused(
                Code::UploadInterrupted,
                "send the file again",
            )),
        }
    }
}
