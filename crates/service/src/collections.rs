//! Collections: looking at them, making and changing them, putting assets in and taking them out.
//!
//! What is a collection's owner's alone: nesting, members, links, deletion. Whoever may `edit` may say
//! what it is called; whoever may `contribute` puts own assets in and takes own ones out.

mod contents;
mod make;

use catalog::Tx;
use catalog::changes;
use catalog::collections::{self, Narrowing};
use domain::{CollectionId, Level, Page, Permission, TenantId, Timestamp, UserId};
use futures::FutureExt;
use identity::Caller;

pub use catalog::collections::CollectionRow as Collection;
pub use contents::Placed;
pub use make::{Edit, Wish};

use crate::error::{Error, Result};
use crate::{Vault, page};

/// Collections in a page when the client names no number.
const DEFAULT_PAGE: u32 = 200;

/// Most collections in a page.
const MAX_PAGE: u32 = 500;

/// Which collections, from where.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Nested in this one; `Some(None)`: in none that the caller may see.
    pub parent: Option<Option<CollectionId>>,
    /// Whose name contains this.
    pub name: Option<String>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Most collections in the page.
    pub limit: Option<u32>,
}

impl Vault {
    /// A page of the collections the caller may see, newest first: own ones and those that others opened.
    ///
    /// # Errors
    /// A field problem for `limit`, `cursor` or `q`.
    pub async fn collections(&self, caller: &Caller, listing: Listing) -> Result<Page<Collection>> {
        caller.require(Permission::AssetsRead)?;
        let limit = page::size(listing.limit, DEFAULT_PAGE, MAX_PAGE)?;
        let after = page::after(listing.cursor.as_deref())?;
        let name = listing.name.as_deref().map(str::trim);
        let name = name.filter(|name| !name.is_empty()).map(str::to_owned);
        if name.as_deref().is_some_and(|name| name.len() > 200) {
            return Err(Error::field("q", "at most 200 bytes"));
        }
        let narrowing = Narrowing {
            parent: listing.parent,
            name,
        };
        let visibility = caller.visibility();
        let page = self
            .catalog()
            .read(move |tx| {
                async move { collections::list(tx, &visibility, &narrowing, after, limit).await }
                    .boxed()
            })
            .await?;
        Ok(page.written())
    }

    /// One collection.
    ///
    /// # Errors
    /// `NotFound` when the caller may not see it.
    pub async fn collection(&self, caller: &Caller, id: CollectionId) -> Result<Collection> {
        caller.require(Permission::AssetsRead)?;
        let visibility = caller.visibility();
        self.catalog()
            .read(move |tx| async move { collections::get(tx, &visibility, id).await }.boxed())
            .await?
            .ok_or_else(Error::not_found)
    }
}

/// A collection as `user` sees it at this moment: nothing remembered, so that who was shown out a
/// moment ago changes nothing. Takes the lock of the collection's owner.
pub(crate) async fn locked(
    tx: &mut Tx,
    tenant: TenantId,
    user: UserId,
    id: CollectionId,
) -> Result<Collection> {
    let visibility = catalog::visibility::of_user(tx, tenant, user).await?;
    let seen = collections::get(tx, &visibility, id).await?;
    let owner = seen.ok_or_else(Error::not_found)?.owner;
    collections::lock(tx, tenant, owner).await?;
    // Once more: it may have changed while we waited.
    let visibility = catalog::visibility::of_user(tx, tenant, user).await?;
    let seen = collections::get(tx, &visibility, id).await?;
    seen.ok_or_else(Error::not_found)
}

/// [`locked`], and refuses whoever is not its owner.
pub(crate) async fn locked_own(
    tx: &mut Tx,
    tenant: TenantId,
    user: UserId,
    id: CollectionId,
) -> Result<Collection> {
    let collection = locked(tx, tenant, user, id).await?;
    if collection.owner == user {
        Ok(collection)
    } else {
        Err(Error::refused(
            domain::Code::Forbidden,
            "only its owner may do this",
        ))
    }
}

/// Refuses whoever it is not open to so far. Its owner may do everything.
pub(crate) fn require_level(collection: &Collection, level: Level) -> Result<()> {
    match collection.level {
        Some(held) if held < level => {
            let detail = format!("this is shared with you to {held}, not to {level}");
            Err(Error::refused(domain::Code::Forbidden, detail))
        }
        _ => Ok(()),
    }
}

/// Gives back what was lent by people to whom an owner's collections are no longer open.
pub(crate) async fn reclaim(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
    at: Timestamp,
) -> Result<(), catalog::Error> {
    for emptied in collections::reclaim(tx, tenant, owner, at).await? {
        let about = (emptied, owner);
        changes::collection_updated(tx, tenant, about, at).await?;
    }
    Ok(())
}
