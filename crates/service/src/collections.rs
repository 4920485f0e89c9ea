//! Collections: looking at them, making and changing them, putting assets in and taking them out.
//!
//! What is a collection's owner's alone: nesting, members, links, deletion. Whoever may `edit` may say
//! what it is called; whoever may `contribute` puts own assets in and takes own ones out.

mod contents;
mod make;

use catalog::Tx;
use catalog::changes::{self, ChangeKind, NewChange};
use catalog::collections::{self, Narrowing};
use domain::{CollectionId, Level, Permission, TenantId, Timestamp, UserId};
use futures::FutureExt;
use identity::Caller;

pub use catalog::collections::CollectionRow as Collection;
pub use contents::Placed;
pub use make::{Edit, Wish};

use crate::Vault;
use crate::error::{Error, Result};

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

/// One page of collections.
#[derive(Debug)]
pub struct Page {
    /// Newest first.
    pub items: Vec<Collection>,
    /// Where the next page begins; `None` at the end.
    pub next_cursor: Option<String>,
}

impl Vault {
    /// A page of the collections the caller may see: own ones and those that others opened.
    ///
    /// # Errors
    /// A field problem for `limit`, `cursor` or `q`.
    pub async fn collections(&self, caller: &Caller, listing: Listing) -> Result<Page> {
        caller.require(Permission::AssetsRead)?;
        let limit = listing.limit.unwrap_or(DEFAULT_PAGE);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(Error::field("limit", format!("1 to {MAX_PAGE}")));
        }
        let after: Option<CollectionId> = match listing.cursor.as_deref() {
            None | Some("") => None,
            Some(text) => Some(
                text.parse()
                    .map_err(|_| Error::field("cursor", "not a cursor of ours"))?,
            ),
        };
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
        let mut items = self
            .catalog()
            .read(move |tx| {
                async move {
                    collections::list(tx, &visibility, &narrowing, after, limit + 1).await
                }
                .boxed()
            })
            .await?;
        let more = items.len() > limit as usize;
        items.truncate(limit as usize);
        let next = items
            .last()
            .filter(|_| more)
            .map(|last| last.id.to_string());
        Ok(Page {
            items,
            next_cursor: next,
        })
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

/// Tells everybody who may see a collection that it, or what lies in it, has changed. To be called
/// before it is hidden from somebody who shall hear of that.
pub(crate) async fn tell(
    tx: &mut Tx,
    tenant: TenantId,
    (id, owner): (CollectionId, UserId),
    kind: ChangeKind,
    at: Timestamp,
) -> Result<(), catalog::Error> {
    let change = NewChange {
        tenant,
        kind,
        subject: id.uuid(),
        owner,
        collections: vec![id],
        status: None,
        at,
    };
    changes::append(tx, &change).await
}

/// Tells people that what they may see or do is no longer what it was.
pub(crate) async fn tell_access_changed(
    tx: &mut Tx,
    tenant: TenantId,
    people: impl IntoIterator<Item = UserId>,
    at: Timestamp,
) -> Result<(), catalog::Error> {
    for user in people {
        let change = NewChange {
            tenant,
            kind: ChangeKind::AccessChanged,
            subject: user.uuid(),
            owner: user,
            collections: Vec::new(),
            status: None,
            at,
        };
        changes::append(tx, &change).await?;
    }
    Ok(())
}

/// Gives back what was lent by people to whom an owner's collections are no longer open.
pub(crate) async fn reclaim(
    tx: &mut Tx,
    tenant: TenantId,
    owner: UserId,
    at: Timestamp,
) -> Result<(), catalog::Error> {
    for emptied in collections::reclaim(tx, tenant, owner, at).await? {
        tell(
            tx,
            tenant,
            (emptied, owner),
            ChangeKind::CollectionUpdated,
            at,
        )
        .await?;
    }
    Ok(())
}
