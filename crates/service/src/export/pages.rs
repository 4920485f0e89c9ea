//! What an export tells, a page at a time.

use std::collections::HashMap;

use catalog::versions::VersionFile;
use catalog::{Tx, assets, collections, versions};
use domain::{AssetId, CollectionId, Page, Permission, Sha256, Visibility};
use futures::FutureExt;
use identity::Caller;

use super::Wish;
use super::record::{Collection, Record};
use crate::Vault;
use crate::error::Result;
use crate::library::Asset;

/// Records read from the catalog at a time.
const PAGE: u32 = 200;

/// A record, and its files as they are stored.
pub(super) struct Told {
    pub(super) record: Record,
    pub(super) files: HashMap<Sha256, VersionFile>,
}

impl Vault {
    /// The next of the caller's own collections.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn export_collections(
        &self,
        caller: &Caller,
        after: Option<CollectionId>,
    ) -> Result<Page<Collection, CollectionId>> {
        caller.require(Permission::AssetsRead)?;
        let own = caller.visibility().own();
        let told = self
            .catalog()
            .read(move |tx| {
                async move {
                    let all = collections::Narrowing::default();
                    collections::list(tx, &own, &all, after, PAGE).await
                }
                .boxed()
            })
            .await?;
        Ok(told.map(Collection::of))
    }

    /// The next of the caller's own assets; their files lie nowhere yet.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn export_assets(
        &self,
        caller: &Caller,
        wish: Wish,
        after: Option<AssetId>,
    ) -> Result<Page<Record, AssetId>> {
        let page = self.told(caller, wish, after).await?;
        Ok(page.map(|told| told.record))
    }

    pub(super) async fn told(
        &self,
        caller: &Caller,
        wish: Wish,
        after: Option<AssetId>,
    ) -> Result<Page<Told, AssetId>> {
        caller.require(Permission::AssetsRead)?;
        let own = caller.visibility().own();
        let page = self
            .catalog()
            .read(move |tx| {
                async move {
                    let found = assets::walk(tx, &own, after, PAGE).await?;
                    let next = found.last().map(|last| last.id);
                    let mut items = Vec::with_capacity(found.len());
                    for asset in found.iter().filter(|asset| wish.locked || !asset.locked) {
                        items.push(tell(tx, &own, asset).await?);
                    }
                    Ok(Page { items, next })
                }
                .boxed()
            })
            .await?;
        Ok(page)
    }
}

async fn tell(tx: &mut Tx, own: &Visibility, asset: &Asset) -> Result<Told, catalog::Error> {
    let files = versions::files_of_each(tx, own, asset.id).await?;
    // Most were never touched: two questions less for each of them.
    let versions = match asset.version_number {
        1 => Vec::new(),
        _ => versions::list(tx, own, asset.id).await?,
    };
    let revisions = match asset.revision {
        1 => Vec::new(),
        _ => assets::revisions(tx, own, asset.id).await?,
    };
    let record = Record::of(asset, &files, &versions, revisions);
    let files = files.into_iter().map(|(_, file)| (file.sha256, file));
    Ok(Told {
        record,
        files: files.collect(),
    })
}
