//! Putting assets into a collection and taking them out. They stay in their owners' libraries.

use std::collections::BTreeSet;

use catalog::changes;
use catalog::collections::{self, Put};
use catalog::{Tx, audit};
use domain::{AssetId, Code, CollectionId, Level, Permission, TenantId, Timestamp, UserId};
use futures::FutureExt;
use identity::Caller;
use serde_json::json;

use super::{Collection, locked, require_level};
use crate::Vault;
use crate::error::{Error, Result};
use crate::notifications;

/// Most assets in one request.
pub(super) const MAX_AT_ONCE: usize = 1000;

/// Most assets in one collection.
const MAX_ASSETS: u64 = 100_000;

/// What came of putting assets into a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// So many were not in it before.
    pub added: u64,
    /// So many were.
    pub already: u64,
}

impl Vault {
    /// Puts own assets into a collection.
    ///
    /// # Errors
    /// `NotFound` for a collection the caller may not see or an asset that is not theirs, `Forbidden`
    /// when it is not open that far, `WrongState` for a saved search or a full one.
    pub async fn put_into(
        &self,
        caller: &Caller,
        id: CollectionId,
        assets: &[AssetId],
    ) -> Result<Placed> {
        caller.require(Permission::CollectionsManage)?;
        let assets = chosen(assets)?;
        let (tenant, user, now) = (caller.tenant, caller.user, self.clock().now());
        let detail = json!({ "assets": assets });
        let entry = self.entry(caller, "collection.add", Some(id.uuid()), detail);
        let message = self.ids().fresh();
        let placed = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let collection = locked(tx, tenant, user, id).await?;
                    require_level(&collection, Level::Contribute)?;
                    if collection.query.is_some() {
                        let detail = "a saved search finds what is in it by itself";
                        return Err(Error::refused(Code::WrongState, detail));
                    }
                    let placed = place(tx, tenant, user, id, &assets, now).await?;
                    if placed.added > 0 {
                        audit::append(tx, &entry).await?;
                        let about = (id, collection.owner);
                        changes::collection_updated(tx, tenant, about, now).await?;
                        tell_owner(tx, &collection, user, message, placed.added, now).await?;
                    }
                    Ok(placed)
                }
                .boxed()
            })
            .await?;
        self.contents_changed();
        Ok(placed)
    }

    /// Takes assets out of a collection: its owner any, others their own. What does not lie in it is
    /// passed over. How many were taken out.
    ///
    /// # Errors
    /// `NotFound` for a collection the caller may not see, a field problem.
    pub async fn take_out(
        &self,
        caller: &Caller,
        id: CollectionId,
        assets: &[AssetId],
    ) -> Result<u64> {
        caller.require(Permission::CollectionsManage)?;
        let assets = chosen(assets)?;
        let (tenant, user, now) = (caller.tenant, caller.user, self.clock().now());
        let detail = json!({ "assets": assets });
        let entry = self.entry(caller, "collection.remove", Some(id.uuid()), detail);
        let taken = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let collection = locked(tx, tenant, user, id).await?;
                    let of = Some(user).filter(|user| *user != collection.owner);
                    let taken = collections::take(tx, tenant, id, of, &assets).await?;
                    if taken > 0 {
                        collections::touch(tx, tenant, id, now).await?;
                        audit::append(tx, &entry).await?;
                        let about = (id, collection.owner);
                        changes::collection_updated(tx, tenant, about, now).await?;
                    }
                    Ok(taken)
                }
                .boxed()
            })
            .await?;
        self.contents_changed();
        Ok(taken)
    }
}

fn chosen(assets: &[AssetId]) -> Result<BTreeSet<AssetId>> {
    if assets.is_empty() || assets.len() > MAX_AT_ONCE {
        let detail = format!("name 1 to {MAX_AT_ONCE} assets");
        return Err(Error::field("asset_ids", detail));
    }
    Ok(assets.iter().copied().collect())
}

/// Puts assets of `user` into a collection whose owner's lock is held.
pub(super) async fn place(
    tx: &mut Tx,
    tenant: TenantId,
    user: UserId,
    id: CollectionId,
    assets: &BTreeSet<AssetId>,
    now: Timestamp,
) -> Result<Placed> {
    match collections::put(tx, tenant, id, user, assets, MAX_ASSETS, now).await? {
        Put::Added(added) => {
            if added > 0 {
                collections::touch(tx, tenant, id, now).await?;
            }
            Ok(Placed {
                added,
                already: assets.len() as u64 - added,
            })
        }
        Put::NotAllOwn => Err(Error::refused(
            Code::NotFound,
            "not all of these are assets of yours",
        )),
        Put::Full => {
            let detail = format!("a collection holds at most {MAX_ASSETS} assets");
            Err(Error::refused(Code::WrongState, detail))
        }
    }
}

/// Tells a collection's owner that somebody else has put something in.
async fn tell_owner(
    tx: &mut Tx,
    collection: &Collection,
    by: UserId,
    message: domain::NotificationId,
    count: u64,
    now: Timestamp,
) -> Result<()> {
    if collection.owner == by {
        return Ok(());
    }
    let name = notifications::name_of(tx, collection.tenant, by).await?;
    let message = notifications::Notification {
        tenant: collection.tenant,
        id: message,
        user: collection.owner,
        kind: "collection.contributed".to_owned(),
        subject: Some(collection.id.uuid()),
        detail: json!({ "collection": collection.name, "by": name, "count": count }),
        created_at: now,
        read_at: None,
    };
    notifications::send(tx, &message).await
}
