//! Looking at the library and changing what is said about what lies in it.

pub mod bulk;
pub(crate) mod change;
pub mod labels;
pub mod revisions;
pub mod timeline;
pub mod trash;
pub mod versions;

use catalog::assets::Cursor;
use domain::{Album, AssetId, Code, CollectionId, Filter, Level, Page, Permission, Sha256};
use identity::Caller;

pub use catalog::assets::{
    AssetRow as Asset, FileFact, Known, Order, Problem as AssetProblem, Sort,
};
pub use change::Edit;

use crate::error::{Error, Result};
use crate::{Vault, page};

/// Assets in a page when the client names no number.
const DEFAULT_PAGE: u32 = 100;

/// Most assets in a page.
const MAX_PAGE: u32 = 200;

/// Most digests in one question.
const MAX_HASHES: usize = 1000;

/// Which assets, in which order, from where.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// What they are narrowed to.
    pub filter: Filter,
    /// A collection they lie in.
    pub collection: Option<CollectionId>,
    /// Their order.
    pub order: Order,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Most assets in the page.
    pub limit: Option<u32>,
}

impl Vault {
    /// A page of the assets the caller may see.
    ///
    /// # Errors
    /// `NotFound` for the collection, a field problem for `limit`, `cursor` or `sort`.
    pub async fn assets(&self, caller: &Caller, listing: Listing) -> Result<Page<Asset>> {
        caller.require(Permission::AssetsRead)?;
        let limit = page::size(listing.limit, DEFAULT_PAGE, MAX_PAGE)?;
        let order = listing.order;
        let after = place(listing.cursor.as_deref(), order.sort)?;
        if order.sort == Sort::Trashed && !listing.filter.trashed {
            return Err(Error::field("sort", "trashed sorts what lies in the trash"));
        }
        let filter = self
            .narrowed(caller, listing.filter, listing.collection)
            .await?;
        let visibility = caller.visibility();
        let page = self
            .catalog()
            .read(move |tx| {
                Box::pin(async move {
                    catalog::assets::list(tx, &visibility, &filter, order, after, limit).await
                })
            })
            .await?;
        Ok(page.written())
    }

    /// A filter narrowed to a collection, which the caller must know of.
    pub(crate) async fn narrowed(
        &self,
        caller: &Caller,
        mut filter: Filter,
        collection: Option<CollectionId>,
    ) -> Result<Filter> {
        let Some(id) = collection else {
            return Ok(filter);
        };
        let visibility = caller.visibility();
        let known = self
            .catalog()
            .read(move |tx| {
                Box::pin(
                    async move { catalog::assets::knows_collection(tx, &visibility, id).await },
                )
            })
            .await?;
        if !known {
            return Err(Error::not_found());
        }
        filter.albums.push(Album::Id(id));
        Ok(filter)
    }

    /// One asset, in the trash or not.
    ///
    /// # Errors
    /// `NotFound` when the caller may not see it.
    pub async fn asset(&self, caller: &Caller, id: AssetId) -> Result<Asset> {
        caller.require(Permission::AssetsRead)?;
        let visibility = caller.visibility();
        self.catalog()
            .read(move |tx| {
                Box::pin(async move { catalog::assets::get(tx, &visibility, id).await })
            })
            .await?
            .ok_or_else(Error::not_found)
    }

    /// One of the caller's own assets. A guest, who may know that it exists, is told that it is not
    /// theirs.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`.
    pub(crate) async fn own_asset(&self, caller: &Caller, id: AssetId) -> Result<Asset> {
        let asset = self.asset(caller, id).await?;
        if caller.visibility.owners().any(|owner| owner == asset.owner) {
            Ok(asset)
        } else {
            Err(only_its_owner())
        }
    }

    /// One asset that is open to the caller at least as far as `level`.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden` when it is open, but not so far.
    pub(crate) async fn asset_at(
        &self,
        caller: &Caller,
        id: AssetId,
        level: Level,
    ) -> Result<Asset> {
        let asset = self.asset(caller, id).await?;
        if asset.level >= level {
            Ok(asset)
        } else {
            let detail = format!("this is shared with you to {}, not to {level}", asset.level);
            Err(Error::refused(Code::Forbidden, detail))
        }
    }

    /// Which of these bytes the caller has, in the order asked. Says nothing of other owners.
    ///
    /// # Errors
    /// A field problem for too many digests.
    pub async fn check(&self, caller: &Caller, hashes: &[Sha256]) -> Result<Vec<Option<Known>>> {
        caller.require(Permission::AssetsRead)?;
        if hashes.len() > MAX_HASHES {
            return Err(Error::field("hashes", format!("at most {MAX_HASHES}")));
        }
        let (tenant, owner, asked) = (caller.tenant, caller.user, hashes.to_vec());
        let known = self
            .catalog()
            .read(move |tx| {
                Box::pin(
                    async move { catalog::assets::find_by_hashes(tx, tenant, owner, &asked).await },
                )
            })
            .await?;
        let find = |hash: &Sha256| known.iter().find(|known| known.sha256 == *hash).copied();
        Ok(hashes.iter().map(find).collect())
    }
}

/// What a guest is told who asks for something that is the owner's alone.
fn only_its_owner() -> Error {
    Error::refused(Code::Forbidden, "only its owner may do this")
}

/// The place that a cursor names in an order.
pub(crate) fn place(cursor: Option<&str>, sort: Sort) -> Result<Option<Cursor>> {
    let place: Option<Cursor> = page::after(cursor)?;
    if place.as_ref().is_some_and(|place| !place.fits(sort)) {
        return Err(Error::field("cursor", "not a cursor of this list"));
    }
    Ok(place)
}
