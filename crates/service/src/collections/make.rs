//! Making, changing and removing collections.

use std::collections::BTreeSet;

use catalog::changes::{self, ChangeKind};
use catalog::collections::{self, Change, Changed, NewCollection};
use catalog::{Tx, audit};
use domain::{AssetId, Code, CollectionId, Level, Permission, TenantId, Timestamp, UserId};
use futures::FutureExt;
use identity::Caller;
use serde_json::json;

use super::contents::{MAX_AT_ONCE, place};
use super::{Collection, locked, locked_own, reclaim, require_level};
use crate::Vault;
use crate::error::{Error, Result};
use crate::ingest::check_text;

/// Most collections of one owner.
const MAX_OWNED: u64 = 5_000;

/// Most steps down from a collection that is nested in nothing.
const MAX_DEPTH: usize = 10;

/// Longest name, in characters.
const MAX_NAME: usize = 200;

/// Longest description, in characters.
const MAX_DESCRIPTION: usize = 5_000;

/// Longest saved search, in characters.
const MAX_QUERY: usize = 1_000;

/// A collection that somebody wants.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// Nested in this one.
    pub parent: Option<CollectionId>,
    /// Makes it a smart one: whatever this finds in its owner's library.
    pub query: Option<String>,
    /// What lies in it from the start.
    pub assets: Vec<AssetId>,
}

/// What to change; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// Its name.
    pub name: Option<String>,
    /// Empty takes it away.
    pub description: Option<String>,
    /// `Some(None)`: nested in nothing.
    pub parent: Option<Option<CollectionId>>,
    /// `Some(None)`: the latest asset in it.
    pub cover: Option<Option<AssetId>>,
    /// The search of a smart one.
    pub query: Option<String>,
}

impl Vault {
    /// Makes a collection of the caller's.
    ///
    /// # Errors
    /// A field problem; `NotFound` for a parent the caller may not see, `Forbidden` for one that is
    /// somebody else's.
    pub async fn make_collection(&self, caller: &Caller, wish: Wish) -> Result<Collection> {
        caller.require(Permission::CollectionsManage)?;
        let wish = wish.checked()?;
        let (tenant, user, now) = (caller.tenant, caller.user, self.clock().now());
        let id: CollectionId = self.ids().fresh();
        let detail = json!({ "name": wish.name });
        let entry = self.entry(caller, "collection.create", Some(id.uuid()), detail);
        let made = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    collections::lock(tx, tenant, user).await?;
                    if collections::count_of_owner(tx, tenant, user).await? >= MAX_OWNED {
                        let detail = format!("you have {MAX_OWNED} collections, which is the most");
                        return Err(Error::refused(Code::WrongState, detail));
                    }
                    if let Some(parent) = wish.parent {
                        check_parent(tx, tenant, user, parent, 0).await?;
                    }
                    insert(tx, tenant, user, id, &wish, now).await?;
                    audit::append(tx, &entry).await?;
                    changes::collection_updated(tx, tenant, (id, user), now).await?;
                    if wish.parent.is_some() {
                        access_changed(tx, tenant, user, id, now).await?;
                    }
                    seen_by(tx, tenant, user, id).await
                }
                .boxed()
            })
            .await?;
        self.access_changed();
        Ok(made)
    }

    /// Changes a collection. With `expected`, only that revision of it.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `PreconditionFailed`, or a field problem.
    pub async fn edit_collection(
        &self,
        caller: &Caller,
        id: CollectionId,
        edit: Edit,
        expected: Option<u64>,
    ) -> Result<Collection> {
        caller.require(Permission::CollectionsManage)?;
        let change = edit.checked()?;
        let (tenant, user, now) = (caller.tenant, caller.user, self.clock().now());
        let entry = self.entry(caller, "collection.edit", Some(id.uuid()), json!({}));
        let changed = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let before = locked(tx, tenant, user, id).await?;
                    may_change(tx, &before, user, &change).await?;
                    let done = collections::update(tx, tenant, id, &change, expected, now).await?;
                    if done == Changed::Stale {
                        let detail = "it was changed since you looked";
                        return Err(Error::refused(Code::PreconditionFailed, detail));
                    }
                    if change.parent.is_some_and(|parent| parent != before.parent) {
                        // Who saw it where it was, and who sees it where it is now.
                        access_changed_from(tx, &before, now).await?;
                        access_changed(tx, tenant, before.owner, id, now).await?;
                        reclaim(tx, tenant, before.owner, now).await?;
                    }
                    audit::append(tx, &entry).await?;
                    let about = (id, before.owner);
                    changes::collection_updated(tx, tenant, about, now).await?;
                    seen_by(tx, tenant, user, id).await
                }
                .boxed()
            })
            .await?;
        self.access_changed();
        Ok(changed)
    }

    /// Removes a collection of the caller's. The assets stay where they are; what is nested in it moves
    /// up to where it stood.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`.
    pub async fn delete_collection(&self, caller: &Caller, id: CollectionId) -> Result<()> {
        caller.require(Permission::CollectionsManage)?;
        let (tenant, user, now) = (caller.tenant, caller.user, self.clock().now());
        let entry = self.entry(caller, "collection.delete", Some(id.uuid()), json!({}));
        self.catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    locked_own(tx, tenant, user, id).await?;
                    // While those to whom it is open still hear of it.
                    changes::of_collection(
                        tx,
                        tenant,
                        (id, user),
                        ChangeKind::CollectionDeleted,
                        now,
                    )
                    .await?;
                    access_changed(tx, tenant, user, id, now).await?;
                    collections::delete(tx, tenant, id).await?;
                    reclaim(tx, tenant, user, now).await?;
                    audit::append(tx, &entry).await?;
                    Ok(())
                }
                .boxed()
            })
            .await?;
        self.access_changed();
        Ok(())
    }

    /// After a commit that changed what people may see: nothing on this node remembers the old.
    pub(crate) fn access_changed(&self) {
        self.identity().access_changed();
        self.contents_changed();
    }

    /// After a commit that put assets into a collection or took them out of one.
    pub(crate) fn contents_changed(&self) {
        self.shelf().forget_standings();
        self.committed();
    }
}

impl Wish {
    fn checked(mut self) -> Result<Self> {
        self.name = name(&self.name)?;
        self.query = self.query.as_deref().map(query).transpose()?;
        self.description = self.description.as_deref().map(description).transpose()?;
        if self.assets.len() > MAX_AT_ONCE {
            return Err(Error::field("asset_ids", format!("at most {MAX_AT_ONCE}")));
        }
        if self.query.is_some() && !self.assets.is_empty() {
            return Err(Error::field("asset_ids", "a saved search holds nothing"));
        }
        Ok(self)
    }
}

impl Edit {
    fn checked(self) -> Result<Change> {
        Ok(Change {
            name: self.name.as_deref().map(name).transpose()?,
            description: self.description.as_deref().map(description).transpose()?,
            query: self.query.as_deref().map(query).transpose()?,
            parent: self.parent,
            cover: self.cover,
        })
    }
}

fn name(text: &str) -> Result<String> {
    check_text("name", Some(text), MAX_NAME)?;
    match text.trim() {
        "" => Err(Error::field("name", "a collection needs a name")),
        text if text.chars().any(char::is_control) => {
            Err(Error::field("name", "a name is a single line of text"))
        }
        text => Ok(text.to_owned()),
    }
}

fn description(text: &str) -> Result<String> {
    check_text("description", Some(text), MAX_DESCRIPTION)?;
    Ok(text.trim().to_owned())
}

fn query(text: &str) -> Result<String> {
    check_text("query", Some(text), MAX_QUERY)?;
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::field("query", "a saved search looks for something"));
    }
    domain::parse_query(text).map_err(|error| Error::field("query", error.to_string()))?;
    Ok(text.to_owned())
}

async fn insert(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
    id: CollectionId,
    wish: &Wish,
    now: Timestamp,
) -> Result<()> {
    let new = NewCollection {
        tenant,
        id,
        owner,
        parent: wish.parent,
        name: &wish.name,
        description: wish.description.as_deref().unwrap_or_default(),
        query: wish.query.as_deref(),
        at: now,
    };
    collections::insert(tx, &new).await?;
    let assets: BTreeSet<AssetId> = wish.assets.iter().copied().collect();
    if !assets.is_empty() {
        place(tx, tenant, owner, id, &assets, now).await?;
    }
    Ok(())
}

/// Refuses a change that the caller may not make, or that makes no sense for this collection.
async fn may_change(
    tx: &mut Tx,
    collection: &Collection,
    user: UserId,
    change: &Change,
) -> Result<()> {
    require_level(collection, Level::Edit)?;
    let own = collection.owner == user;
    if !own && (change.parent.is_some() || change.query.is_some()) {
        let detail = "only its owner may say where it stands or what it looks for";
        return Err(Error::refused(Code::Forbidden, detail));
    }
    if change.query.is_some() && collection.query.is_none() {
        let detail = "a collection that holds assets cannot become a saved search";
        return Err(Error::field("query", detail));
    }
    if let Some(Some(parent)) = change.parent {
        let (tenant, id) = (collection.tenant, collection.id);
        let above = collections::ancestors(tx, tenant, parent).await?;
        if above.contains(&id) {
            return Err(Error::field("parent_id", "that lies within this one"));
        }
        let below = collections::depth_below(tx, tenant, id).await?;
        check_parent(tx, tenant, user, parent, below as usize).await?;
    }
    if let Some(Some(cover)) = change.cover
        && !collections::holds(tx, collection.tenant, collection.id, cover).await?
    {
        return Err(Error::field("cover_id", "an asset that lies in it"));
    }
    Ok(())
}

/// Refuses a parent that is not the user's, is a saved search, or is nested too deep already for
/// something with `below` steps under it.
async fn check_parent(
    tx: &mut Tx,
    tenant: TenantId,
    user: UserId,
    parent: CollectionId,
    below: usize,
) -> Result<()> {
    let there = seen_by(tx, tenant, user, parent).await?;
    if there.owner != user {
        let detail = "only its owner may nest something in it";
        return Err(Error::refused(Code::Forbidden, detail));
    }
    if there.query.is_some() {
        return Err(Error::field("parent_id", "a saved search holds nothing"));
    }
    let above = collections::ancestors(tx, tenant, parent).await?.len();
    if above + below >= MAX_DEPTH {
        let detail = format!("collections are nested at most {MAX_DEPTH} deep");
        return Err(Error::field("parent_id", detail));
    }
    Ok(())
}

/// Everybody who sees the collection where it stands now, and its owner, may see other things.
async fn access_changed(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
    id: CollectionId,
    now: Timestamp,
) -> Result<()> {
    let people = collections::audience(tx, tenant, id).await?;
    if !people.is_empty() {
        changes::of_access(tx, tenant, people.into_iter().chain([owner]), now).await?;
    }
    Ok(())
}

/// Everybody who saw the collection where it stood before.
async fn access_changed_from(tx: &mut Tx, before: &Collection, now: Timestamp) -> Result<()> {
    let Some(parent) = before.parent else {
        return Ok(());
    };
    access_changed(tx, before.tenant, before.owner, parent, now).await
}

/// The collection as `user` sees it after a change.
async fn seen_by(
    tx: &mut Tx,
    tenant: TenantId,
    user: UserId,
    id: CollectionId,
) -> Result<Collection> {
    let visibility = catalog::visibility::of_user(tx, tenant, user).await?;
    let seen = collections::get(tx, &visibility, id).await?;
    seen.ok_or_else(Error::not_found)
}
