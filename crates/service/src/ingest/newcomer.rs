//! Bytes that are about to become an asset, or a version of one: all that their transaction needs to know,
//! made before it begins, and the rows it writes.

use catalog::assets::{self, Inserted, NewAsset, Turn};
use catalog::versions::{self, FileRole, NewVersion};
use catalog::{Tx, contents};
use domain::{AssetId, BlobId, Code, JobId, MediaType, Sha256, Status, Timestamp, VersionId};
use identity::Caller;

use super::steps::Begin;
use super::{Announced, name};
use crate::Vault;
use crate::error::{Error, Result};
use crate::library::Asset;
use crate::pipeline;
use crate::said::{SaidPlace, SaidTime};

/// See the module.
pub struct Newcomer {
    pub caller: Caller,
    pub announced: Announced,
    pub media_type: MediaType,
    pub sha256: Sha256,
    pub size: u64,
    pub asset: AssetId,
    pub version: VersionId,
    pub now: Timestamp,
    jobs: Vec<JobId>,
    mismatch: Option<String>,
    max_attempts: u32,
}

impl Newcomer {
    /// Bytes of this digest, size and type. They make a new asset unless they were announced as a version
    /// of one.
    pub fn new(
        vault: &Vault,
        caller: &Caller,
        announced: Announced,
        (sha256, size, media_type): (Sha256, u64, MediaType),
    ) -> Self {
        let ids = vault.ids();
        Self {
            caller: caller.clone(),
            asset: announced.replaces.unwrap_or_else(|| ids.fresh()),
            version: ids.fresh(),
            jobs: pipeline::steps_for(media_type)
                .iter()
                .map(|_| ids.fresh())
                .collect(),
            // An empty file is not of another type, it is of none.
            mismatch: name::mismatch(&announced, media_type).filter(|_| size > 0),
            max_attempts: vault.config().max_attempts,
            now: vault.clock().now(),
            announced,
            media_type,
            sha256,
            size,
        }
    }

    /// Writes down that there are such bytes.
    pub async fn insert_content(&self, tx: &mut Tx) -> Result<()> {
        let (tenant, kind) = (self.caller.tenant, self.media_type);
        Ok(contents::upsert(tx, tenant, self.sha256, self.size, kind, self.now).await?)
    }

    /// The asset, unless its owner has these bytes already.
    pub async fn insert_asset(&self, tx: &mut Tx) -> Result<Inserted> {
        let details = &self.announced.details;
        let metadata = serde_json::Value::Object(details.metadata.clone().unwrap_or_default());
        let captured = details.captured_at.as_ref().map(SaidTime::time);
        let captured = captured.transpose()?;
        let place = details.location.as_ref();
        let place = place.map(|said| said.as_ref().map(SaidPlace::place).transpose());
        let place = place.transpose()?;
        let asset = NewAsset {
            tenant: self.caller.tenant,
            id: self.asset,
            owner: self.caller.user,
            kind: self.media_type.kind(),
            status: Status::Pending,
            version: self.version,
            sha256: self.sha256,
            file_name: &self.announced.file_name,
            title: details.title.as_deref(),
            description: details.description.as_deref(),
            captured: captured.as_ref(),
            place: place.as_ref().map(Option::as_ref),
            rating: details.rating,
            favourite: details.favourite,
            archived: details.archived,
            locked: details.locked,
            trashed: details.trashed,
            tags: &details.tags,
            tags_only: details.tags_only,
            metadata: &metadata,
            created_at: self.now,
        };
        Ok(assets::insert(tx, &asset).await?)
    }

    /// The version with its file; `charged`: it counts against the owner's quota.
    pub async fn insert_version(
        &self,
        tx: &mut Tx,
        number: u32,
        blob: BlobId,
        charged: bool,
    ) -> Result<()> {
        let version = NewVersion {
            tenant: self.caller.tenant,
            id: self.version,
            asset: self.asset,
            number,
            file_name: &self.announced.file_name,
            created_by: self.caller.user,
            created_at: self.now,
            files: &[(FileRole::Original, self.sha256, blob)],
            charged,
        };
        Ok(versions::insert(tx, &version).await?)
    }

    /// Makes the bytes the current version of an own asset; gives its number.
    pub async fn turn(&self, tx: &mut Tx) -> Result<u32> {
        let (tenant, owner) = (self.caller.tenant, self.caller.user);
        let known = assets::find_by_hashes(tx, tenant, owner, &[self.sha256]).await?;
        if let Some(known) = known.first() {
            return Err(Error::refused(
                Code::Conflict,
                if known.asset == self.asset {
                    "these are its bytes already"
                } else {
                    "you have these bytes as another asset"
                },
            ));
        }
        let turn = Turn {
            asset: self.asset,
            version: self.version,
            sha256: self.sha256,
            kind: self.media_type.kind(),
            file_name: &self.announced.file_name,
            at: self.now,
        };
        let number = assets::turn(tx, &self.caller.visibility(), &turn).await?;
        number.ok_or_else(Error::not_found)
    }

    /// The version whose steps are planned.
    pub fn begin(&self) -> Begin<'_> {
        Begin {
            tenant: self.caller.tenant,
            asset: self.asset,
            version: self.version,
            media_type: self.media_type,
            empty: self.size == 0,
            mismatch: self.mismatch.clone(),
            jobs: &self.jobs,
            max_attempts: self.max_attempts,
            now: self.now,
        }
    }

    /// An asset of the owner within the transaction.
    pub async fn look(&self, tx: &mut Tx, id: AssetId) -> Result<Asset> {
        let asset = assets::get(tx, &self.caller.visibility(), id).await?;
        asset.ok_or_else(|| Error::internal("an asset vanished within its own transaction"))
    }
}
