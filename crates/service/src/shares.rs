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
use domain::{Code, CollectionId, Page, Permission, ShareId};
use futures::FutureExt;
use identity::Caller;

pub use catalog::shares::{Visit, VisitAction};
pub use change::{Edit, Wish};
pub use visit::{Opened, Seen, Shown};

use crate::error::{Error, Result};
use crate::{Vault, page};

/// Links or visits in a page when the client names no number.
const DEFAULT_PAGE: u32 = 50;

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

impl Vault {
    /// The caller's links, newest first, those that were taken back among them; with `collection`, those
    /// to it.
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
        let limit = page::size(limit, DEFAULT_PAGE, MAX_PAGE)?;
        let after = page::after(cursor)?;
        let (tenant, user) = (caller.tenant, caller.user);
        let page = self
            .catalog()
            .read(move |tx| {
                async move {
                    let found = shares::list(tx, tenant, user, collection, after, limit).await?;
                    Ok(Page {
                        items: counted(tx, found.items).await?,
                        next: found.next,
                    })
                }
                .boxed()
            })
            .await?;
        Ok(page
            .map(|(row, count)| self.addressed(row, count))
            .written())
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
        let limit = page::size(limit, DEFAULT_PAGE, MAX_PAGE)?;
        let before = page::after(cursor)?;
        let page = self
            .catalog()
            .read(move |tx| {
                async move { shares::visits(tx, share.tenant, id, before, limit).await }.boxed()
            })
            .await?;
        Ok(page.written())
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

/// What whoever follows a link that is over is told. They hold a genuine link: no guess gets here.
fn over() -> Error {
    Error::refused(Code::LinkExpired, "ask whoever sent it for a new one")
}
