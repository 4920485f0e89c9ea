//! The one transaction that makes arrived bytes an asset.

use blobs::Stored;
use catalog::assets::{self, Inserted, NewAsset, Turn};
use catalog::blobs::{Adopted, BlobCopy, CopyState, Finished};
use catalog::changes::{self, ChangeKind};
use catalog::versions::{self, FileRole, NewVersion};
use catalog::{Tx, audit, contents, uploads, users};
use domain::{AssetId, Code, JobId, MediaType, Status, Timestamp, VersionId};
use futures::FutureExt;
use identity::Caller;

use super::steps::Begin;
use super::{Announced, Received, name};
use crate::Vault;
use crate::error::{Error, Result};
use crate::library::Asset;
use crate::pipeline;
use crate::said::{SaidPlace, SaidTime};

/// Bytes that are safe in the store and belong to nobody yet.
pub struct Arrived {
    pub announced: Announced,
    pub media_type: MediaType,
    pub stored: Stored,
    pub finished_at: Timestamp,
}

/// Everything the transaction needs, made before it begins.
struct Plan {
    caller: Caller,
    arrived: Arrived,
    asset: AssetId,
    version: VersionId,
    /// The asset it is a new version of; otherwise it is a new asset.
    replaces: Option<AssetId>,
    jobs: Vec<JobId>,
    mismatch: Option<String>,
    entry: audit::Entry,
    store: String,
    object: String,
    max_attempts: u32,
    now: Timestamp,
}

/// Makes an asset of what arrived, or finds the one that its owner has already.
pub async fn commit(vault: &Vault, caller: &Caller, arrived: Arrived) -> Result<Received> {
    let ids = vault.ids();
    let replaces = arrived.announced.replaces;
    let asset: AssetId = replaces.unwrap_or_else(|| ids.fresh());
    let steps = pipeline::steps_for(arrived.media_type);
    let object = arrived.stored.object.clone();
    let plan = Plan {
        caller: caller.clone(),
        asset,
        version: ids.fresh(),
        replaces,
        jobs: steps.iter().map(|_| ids.fresh()).collect(),
        // An empty file is not of another type, it is of none.
        mismatch: name::mismatch(&arrived.announced, arrived.media_type)
            .filter(|_| arrived.stored.size > 0),
        entry: vault.audited(
            caller,
            if replaces.is_some() {
                "asset.version"
            } else {
                "asset.upload"
            },
            asset,
        ),
        store: vault.gate().store_name().to_owned(),
        object: object.to_string(),
        max_attempts: vault.config().max_attempts,
        now: vault.clock().now(),
        arrived,
    };
    let outcome = vault
        .catalog()
        .write_as::<_, Error, _>(|tx| write(tx, plan).boxed())
        .await;
    // Ours only when the rows say so; otherwise the object is nobody's and goes at once, or, if
    // this stops here, with the sweep. An outcome that is not known keeps it.
    let forget = match &outcome {
        Ok((_, adopted)) => !adopted,
        Err(Error::Unavailable { .. }) => false,
        Err(_) => true,
    };
    if forget {
        vault.delete_objects(&[object.to_string()]).await;
    }
    vault.committed_in((caller.tenant, caller.user));
    outcome.map(|(received, _)| received)
}

/// The body of the transaction: what was received, and whether the new object is in use.
async fn write(tx: &mut Tx, plan: Plan) -> Result<(Received, bool)> {
    let (tenant, owner, now) = (plan.caller.tenant, plan.caller.user, plan.now);
    let stored = &plan.arrived.stored;
    // First, because it locks the owner's row: two uploads of the same bytes come one by one.
    if !users::charge(tx, tenant, owner, stored.size).await? {
        return Err(Error::refused(
            Code::QuotaExceeded,
            "delete something, or ask for more room",
        ));
    }
    contents::upsert(
        tx,
        tenant,
        stored.sha256,
        stored.size,
        plan.arrived.media_type,
        now,
    )
    .await?;
    let kind = match plan.replaces {
        None => ChangeKind::Created,
        Some(_) => ChangeKind::Updated,
    };
    let (adopted, status) = if plan.replaces.is_some() {
        let number = turn(tx, &plan).await?;
        let adopted = insert_version(tx, &plan, number).await?;
        (adopted, begin(&plan).again(tx).await?)
    } else {
        if let Inserted::Existing(known) = insert_asset(tx, &plan).await? {
            return come_again(tx, &plan, known.asset).await;
        }
        let adopted = insert_version(tx, &plan, 1).await?;
        (adopted, begin(&plan).first(tx).await?)
    };
    audit::append(tx, &plan.entry).await?;
    changes::of_asset(tx, tenant, plan.asset, kind, status, now).await?;
    finish_upload(tx, &plan, plan.asset).await?;
    let asset = look(tx, &plan, plan.asset).await?;
    Ok((
        Received {
            asset,
            duplicate: false,
        },
        adopted,
    ))
}

/// Bytes that their owner has already: the asset is there. They heal it if its own were lost.
async fn come_again(tx: &mut Tx, plan: &Plan, asset: AssetId) -> Result<(Received, bool)> {
    let (tenant, owner) = (plan.caller.tenant, plan.caller.user);
    users::refund(tx, tenant, owner, plan.arrived.stored.size).await?;
    let healed = catalog::blobs::heal(tx, &finished(plan), plan.now).await?;
    if healed {
        note_copy(tx, plan).await?;
    }
    let asset = welcome_back(tx, plan, asset).await?;
    finish_upload(tx, plan, asset.id).await?;
    let received = Received {
        asset,
        duplicate: true,
    };
    Ok((received, healed))
}

/// Makes what arrived the current version of an own asset; gives its number.
async fn turn(tx: &mut Tx, plan: &Plan) -> Result<u32> {
    let (tenant, owner) = (plan.caller.tenant, plan.caller.user);
    let sha256 = plan.arrived.stored.sha256;
    let known = assets::find_by_hashes(tx, tenant, owner, &[sha256]).await?;
    if let Some(known) = known.first() {
        return Err(Error::refused(
            Code::Conflict,
            if known.asset == plan.asset {
                "these are its bytes already"
            } else {
                "you have these bytes as another asset"
            },
        ));
    }
    let turn = Turn {
        asset: plan.asset,
        version: plan.version,
        sha256,
        kind: plan.arrived.media_type.kind(),
        file_name: &plan.arrived.announced.file_name,
        at: plan.now,
    };
    let number = assets::turn(tx, &plan.caller.visibility(), &turn).await?;
    number.ok_or_else(Error::not_found)
}

/// The version whose steps are planned.
fn begin(plan: &Plan) -> Begin<'_> {
    Begin {
        tenant: plan.caller.tenant,
        asset: plan.asset,
        version: plan.version,
        media_type: plan.arrived.media_type,
        empty: plan.arrived.stored.size == 0,
        mismatch: plan.mismatch.clone(),
        jobs: &plan.jobs,
        max_attempts: plan.max_attempts,
        now: plan.now,
    }
}

async fn insert_asset(tx: &mut Tx, plan: &Plan) -> Result<Inserted> {
    let (announced, details) = (&plan.arrived.announced, &plan.arrived.announced.details);
    let metadata = serde_json::Value::Object(details.metadata.clone().unwrap_or_default());
    let captured = details.captured_at.as_ref().map(SaidTime::time);
    let captured = captured.transpose()?;
    let place = details
        .location
        .as_ref()
        .map(SaidPlace::place)
        .transpose()?;
    let asset = NewAsset {
        tenant: plan.caller.tenant,
        id: plan.asset,
        owner: plan.caller.user,
        kind: plan.arrived.media_type.kind(),
        status: Status::Pending,
        version: plan.version,
        sha256: plan.arrived.stored.sha256,
        file_name: &announced.file_name,
        title: details.title.as_deref(),
        description: details.description.as_deref(),
        captured: captured.as_ref(),
        place: place.as_ref(),
        rating: details.rating,
        favourite: details.favourite,
        archived: details.archived,
        locked: details.locked,
        trashed: details.trashed,
        tags: &details.tags,
        metadata: &metadata,
        created_at: plan.now,
    };
    Ok(assets::insert(tx, &asset).await?)
}

/// The object as the gate has finished it.
fn finished(plan: &Plan) -> Finished<'_> {
    let stored = &plan.arrived.stored;
    Finished {
        tenant: plan.caller.tenant,
        id: stored.blob,
        sha256: stored.sha256,
        size: stored.size,
        stored_size: stored.stored_size,
        object: &plan.object,
        finished_at: plan.arrived.finished_at,
    }
}

/// Notes where the new object lies.
async fn note_copy(tx: &mut Tx, plan: &Plan) -> Result<()> {
    let copy = BlobCopy {
        store: plan.store.clone(),
        tier: "warm".to_owned(),
        state: CopyState::Present,
        verified_at: plan.now,
    };
    let (tenant, blob) = (plan.caller.tenant, plan.arrived.stored.blob);
    Ok(catalog::blobs::put_copy(tx, tenant, blob, &copy).await?)
}

/// The version with its file; whether the blob is the one that has just been written.
async fn insert_version(tx: &mut Tx, plan: &Plan, number: u32) -> Result<bool> {
    let (tenant, stored) = (plan.caller.tenant, &plan.arrived.stored);
    catalog::blobs::heal(tx, &finished(plan), plan.now).await?;
    let (blob, ours) = match catalog::blobs::adopt(tx, &finished(plan), plan.now).await? {
        Adopted::Ours(blob) => (blob.id, true),
        Adopted::Existing(blob) => (blob.id, false),
        Adopted::TooOld => {
            return Err(Error::refused(
                Code::UploadInterrupted,
                "send the file again",
            ));
        }
    };
    if ours {
        note_copy(tx, plan).await?;
    }
    let version = NewVersion {
        tenant,
        id: plan.version,
        asset: plan.asset,
        number,
        file_name: &plan.arrived.announced.file_name,
        created_by: plan.caller.user,
        created_at: plan.now,
        files: &[(FileRole::Original, stored.sha256, blob)],
    };
    versions::insert(tx, &version).await?;
    Ok(ours)
}

/// The asset whose bytes came again: out of the trash, if it lay there and is not sent to be there.
async fn welcome_back(tx: &mut Tx, plan: &Plan, id: AssetId) -> Result<Asset> {
    let visibility = plan.caller.visibility();
    let stays = plan.arrived.announced.details.trashed;
    let restored = !stays && assets::restore(tx, &visibility, id, plan.now).await?;
    let asset = look(tx, plan, id).await?;
    if restored {
        let (tenant, kind) = (plan.caller.tenant, ChangeKind::Restored);
        changes::of_asset(tx, tenant, asset.id, kind, Some(asset.status), plan.now).await?;
    }
    Ok(asset)
}

async fn finish_upload(tx: &mut Tx, plan: &Plan, asset: AssetId) -> Result<()> {
    if let Some(upload) = plan.arrived.announced.upload {
        uploads::finish(tx, plan.caller.tenant, upload, asset, plan.now).await?;
    }
    Ok(())
}

async fn look(tx: &mut Tx, plan: &Plan, id: AssetId) -> Result<Asset> {
    let asset = assets::get(tx, &plan.caller.visibility(), id).await?;
    asset.ok_or_else(|| Error::internal("an asset vanished within its own transaction"))
}
