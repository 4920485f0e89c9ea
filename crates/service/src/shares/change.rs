//! Making, changing and taking back links.

use catalog::shares::{self, Change};
use catalog::{Tx, audit};
use domain::{AssetId, Code, CollectionId, Level, Permission, ShareId, Timestamp};
use futures::FutureExt;
use identity::Caller;
use serde_json::json;

use super::Share;
use crate::Vault;
use crate::collections::locked_own;
use crate::error::{Error, Result};
use crate::ingest::check_text;

/// Most links of one owner that were not taken back.
const MAX_LIVE: u64 = 1_000;

/// Most assets of a selection.
const MAX_SELECTED: usize = 1_000;

/// Longest name, in characters.
const MAX_NAME: usize = 200;

/// A link that somebody wants.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Opens this collection.
    pub collection: Option<CollectionId>,
    /// Opens these assets.
    pub assets: Vec<AssetId>,
    /// Its name.
    pub name: Option<String>,
    /// Asked of visitors.
    pub password: Option<String>,
    /// To view or to download.
    pub level: Level,
    /// Shows pictures and nothing of what is said about them.
    pub hide_metadata: bool,
    /// How often it may be opened.
    pub max_views: Option<u32>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// What to change; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The name.
    pub name: Option<String>,
    /// `Some(None)`: no password.
    pub password: Option<Option<String>>,
    /// To view or to download.
    pub level: Option<Level>,
    /// Shows pictures and nothing of what is said about them.
    pub hide_metadata: Option<bool>,
    /// `Some(None)`: no limit.
    pub max_views: Option<Option<u32>>,
    /// `Some(None)`: no end.
    pub expires_at: Option<Option<Timestamp>>,
}

impl Vault {
    /// Makes a link to a collection of the caller's, or to some of the caller's assets.
    ///
    /// # Errors
    /// A field problem, `NotFound` for what is not the caller's, `WrongState` for a saved search.
    pub async fn make_share(&self, caller: &Caller, wish: Wish) -> Result<Share> {
        caller.require(Permission::AssetsShare)?;
        let now = self.clock().now();
        check_target(&wish)?;
        check_level(wish.level)?;
        check_limits(wish.max_views, wish.expires_at, now)?;
        let name = checked_name(wish.name.as_deref().unwrap_or_default())?;
        let password = match wish.password.filter(|password| !password.is_empty()) {
            Some(password) => Some(self.identity().hash_link_password(password).await?),
            None => None,
        };
        let share = shares::Share {
            tenant: caller.tenant,
            id: self.ids().fresh(),
            owner: caller.user,
            collection: wish.collection,
            name,
            password,
            level: wish.level,
            hide_metadata: wish.hide_metadata,
            max_views: wish.max_views,
            views: 0,
            expires_at: wish.expires_at,
            revoked_at: None,
            created_at: now,
        };
        let id = share.id;
        let detail =
            json!({ "collection": share.collection, "assets": wish.assets, "level": share.level });
        let entry = self.entry(caller, "share.create", Some(id.uuid()), detail);
        self.catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    insert(tx, share, wish.assets).await?;
                    Ok(audit::append(tx, &entry).await?)
                }
                .boxed()
            })
            .await?;
        // A selection is something its assets stand in.
        self.contents_changed();
        self.share(caller, id).await
    }

    /// Changes a link of the caller's. Who was let in by another password is asked again.
    ///
    /// # Errors
    /// `NotFound`, `WrongState` when it was taken back, a field problem.
    pub async fn edit_share(&self, caller: &Caller, id: ShareId, edit: Edit) -> Result<Share> {
        let known = self.share(caller, id).await?;
        if known.row.revoked_at.is_some() {
            let detail = "it was taken back; make a new one";
            return Err(Error::refused(Code::WrongState, detail));
        }
        let now = self.clock().now();
        check_level(edit.level.unwrap_or(Level::View))?;
        check_limits(edit.max_views.flatten(), edit.expires_at.flatten(), now)?;
        let password = match edit.password {
            Some(Some(password)) if !password.is_empty() => {
                Some(Some(self.identity().hash_link_password(password).await?))
            }
            Some(_) => Some(None),
            None => None,
        };
        let change = Change {
            name: edit.name.as_deref().map(checked_name).transpose()?,
            password,
            level: edit.level,
            hide_metadata: edit.hide_metadata,
            max_views: edit.max_views,
            expires_at: edit.expires_at,
        };
        let owner = (caller.tenant, caller.user);
        let entry = self.entry(caller, "share.edit", Some(id.uuid()), json!({}));
        self.catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    if !shares::update(tx, owner, id, &change, now).await? {
                        return Err(Error::not_found());
                    }
                    Ok(audit::append(tx, &entry).await?)
                }
                .boxed()
            })
            .await?;
        self.share(caller, id).await
    }

    /// Takes a link of the caller's back, for good. Doing it twice is no error.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn revoke_share(&self, caller: &Caller, id: ShareId) -> Result<()> {
        self.share(caller, id).await?;
        let (tenant, user, now) = (caller.tenant, caller.user, self.clock().now());
        let entry = self.entry(caller, "share.revoke", Some(id.uuid()), json!({}));
        self.catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    if shares::revoke(tx, tenant, user, id, now).await? {
                        audit::append(tx, &entry).await?;
                    }
                    Ok(())
                }
                .boxed()
            })
            .await
    }
}

async fn insert(tx: &mut Tx, share: shares::Share, assets: Vec<AssetId>) -> Result<()> {
    let (tenant, owner) = (share.tenant, share.owner);
    if let Some(collection) = share.collection {
        let collection = locked_own(tx, tenant, owner, collection).await?;
        if collection.query.is_some() {
            let detail = "a saved search looks through your eyes and cannot be shared";
            return Err(Error::refused(Code::WrongState, detail));
        }
    } else {
        catalog::collections::lock(tx, tenant, owner).await?;
    }
    if shares::count_live(tx, tenant, owner).await? >= MAX_LIVE {
        let detail = format!("you have {MAX_LIVE} links, which is the most; take some back");
        return Err(Error::refused(Code::WrongState, detail));
    }
    shares::insert(tx, &share).await?;
    if share.collection.is_none() {
        let chosen: std::collections::BTreeSet<_> = assets.into_iter().collect();
        let chosen: Vec<_> = chosen.into_iter().collect();
        if shares::select(tx, &share, &chosen).await? != chosen.len() as u64 {
            let detail = "not all of these are assets of yours";
            return Err(Error::refused(Code::NotFound, detail));
        }
    }
    Ok(())
}

fn check_target(wish: &Wish) -> Result<()> {
    match (wish.collection, wish.assets.len()) {
        (Some(_), 0) | (None, 1..=MAX_SELECTED) => Ok(()),
        (Some(_), _) => Err(Error::field(
            "asset_ids",
            "a collection, or assets, not both",
        )),
        (None, _) => {
            let detail = format!("name a collection_id, or 1 to {MAX_SELECTED} assets");
            Err(Error::field("asset_ids", detail))
        }
    }
}

fn check_level(level: Level) -> Result<()> {
    match level {
        Level::View | Level::Download => Ok(()),
        _ => Err(Error::field("level", "view or download")),
    }
}

fn check_limits(max: Option<u32>, end: Option<Timestamp>, now: Timestamp) -> Result<()> {
    if max == Some(0) {
        return Err(Error::field("max_views", "at least 1"));
    }
    if end.is_some_and(|end| end <= now) {
        return Err(Error::field("expires_at", "a time to come"));
    }
    Ok(())
}

fn checked_name(text: &str) -> Result<String> {
    check_text("name", Some(text), MAX_NAME)?;
    Ok(text.trim().to_owned())
}
