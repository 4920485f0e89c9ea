//! Links that open a collection, or a selection of assets, to whoever has them.
//!
//! A link is its owner's and shows no more than the owner may show: it ends with the account, or with
//! its permission to share, and what is trashed or locked away vanishes from it. Its address is its id
//! and a tag that only the vault can make, so nothing in the database is an address.

mod change;
mod token;
mod visit;

use catalog::Tx;
use catalog::shares;
use domain::{Code, CollectionId, Permission, ShareId};
use futures::FutureExt;
use identity::Caller;

pub use catalog::shares::{Visit, VisitAction};
pub use change::{Edit, Wish};
pub use visit::{Opened, Seen, Shown};

use crate::Vault;
use crate::error::{Error, Result};

/// Most links or visits in a page.
const MAX_PAGE: u32 = 100;

/// A link as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// What is stored.
    pub row: shares::Share,
    /// The secret part of its address.
    pub token: String,
    /// How many assets it shows at this moment.
    pub count: u64,
}

/// One page of a list.
#[derive(Debug)]
pub struct Page<T> {
    /// Newest first.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub next_cursor: Option<String>,
}

impl Vault {
    /// The caller's links, those that were taken back among them; with `collection`, those to it.
    ///
    /// # Errors
    /// A field problem for `cursor` or `limit`.
    pub async fn shares(
        &self,
        caller: &Caller,
        collection: Option<CollectionId>,
        cursor: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Page<Share>> {
        caller.require(Permission::AssetsShare)?;
        let limit = page_size(limit)?;
        let after: Option<ShareId> = place(cursor)?;
        let (tenant, user) = (caller.tenant, caller.user);
        let mut rows = self
            .catalog()
            .read(move |tx| {
                async move {
                    let found =
                        shares::list(tx, tenant, user, collection, after, limit + 1).await?;
                    counted(tx, found).await
                }
                .boxed()
            })
            .await?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = rows
            .last()
            .filter(|_| more)
            .map(|(last, _)| last.id.to_string());
        let items = rows
            .into_iter()
            .map(|(row, count)| self.addressed(row, count));
        Ok(Page {
            items: items.collect(),
            next_cursor: next,
        })
    }

    /// One link of the caller's.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn share(&self, caller: &Caller, id: ShareId) -> Result<Share> {
        caller.require(Permission::AssetsShare)?;
        let (tenant, user) = (caller.tenant, caller.user);
        let mut found = self
            .catalog()
            .read(move |tx| {
                async move {
                    let found = shares::of_owner(tx, tenant, user, id).await?;
                    counted(tx, found.into_iter().collect()).await
                }
                .boxed()
            })
            .await?;
        let (row, count) = found.pop().ok_or_else(Error::not_found)?;
        Ok(self.addressed(row, count))
    }

    /// Who followed a link of the caller's, newest first.
    ///
    /// # Errors
    /// `NotFound`, a field problem for `cursor` or `limit`.
    pub async fn visits(
        &self,
        caller: &Caller,
        id: ShareId,
        cursor: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Page<Visit>> {
        let share = self.share(caller, id).await?.row;
        let limit = page_size(limit)?;
        let before = place(cursor)?;
        let mut items = self
            .catalog()
            .read(move |tx| {
                async move { shares::visits(tx, share.tenant, id, before, limit + 1).await }.boxed()
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

    fn addressed(&self, row: shares::Share, count: u64) -> Share {
        Share {
            token: self.signer().share_token(row.id),
            row,
            count,
        }
    }
}

/// Links with how many assets each shows.
async fn counted(
    tx: &mut Tx,
    rows: Vec<shares::Share>,
) -> Result<Vec<(shares::Share, u64)>, catalog::Error> {
    let mut counted = Vec::with_capacity(rows.len());
    for row in rows {
        let visibility = shares::visibility(tx, &row).await?;
        let count = shares::count_visible(tx, &visibility).await?;
        counted.push((row, count));
    }
    Ok(counted)
}

fn page_size(limit: Option<u32>) -> Result<u32> {
    let limit = limit.unwrap_or(50);
    if (1..=MAX_PAGE).contains(&limit) {
        Ok(limit)
    } else {
        Err(Error::field("limit", format!("1 to {MAX_PAGE}")))
    }
}

fn place<T: std::str::FromStr>(cursor: Option<&str>) -> Result<Option<T>> {
    match cursor {
        None | Some("") => Ok(None),
        Some(text) => match text.parse() {
            Ok(place) => Ok(Some(place)),
            Err(_) => Err(Error::field("cursor", "not a cursor of ours")),
        },
    }
}

/// What whoever follows a link that is over is told. They hold a genuine link: no guess gets here.
fn over() -> Error {
    Error::refused(Code::LinkExpired, "ask whoever sent it for a new one")
}
