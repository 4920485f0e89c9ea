//! Changes of what a person says about an asset, and its way to the trash and beyond.

use catalog::assets::{Patch, Patched};
use catalog::audit;
use catalog::changes::{self, ChangeKind};
use domain::{AssetId, Code, Level, Permission};
use futures::FutureExt;
use identity::Caller;

use super::Asset;
use crate::Vault;
use crate::error::{Error, Result};
use crate::ingest::{check_tags, check_text};

/// What to change; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// Empty takes it away.
    pub title: Option<String>,
    /// Empty takes it away.
    pub description: Option<String>,
    /// Marked or not.
    pub favourite: Option<bool>,
    /// Out of the way or not.
    pub archived: Option<bool>,
    /// 1 to 5; 0 takes the stars away.
    pub rating: Option<u8>,
    /// Replaces all tags.
    pub tags: Option<Vec<String>>,
}

impl Edit {
    fn into_patch(self) -> Result<Patch> {
        check_text("title", self.title.as_deref(), 500)?;
        check_text("description", self.description.as_deref(), 20_000)?;
        check_tags(self.tags.as_deref().unwrap_or_default())?;
        if self.rating.is_some_and(|stars| stars > 5) {
            return Err(Error::field("rating", "0 to 5"));
        }
        let text = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(Patch {
            title: self.title.map(text),
            description: self.description.map(text),
            favourite: self.favourite,
            archived: self.archived,
            rating: self
                .rating
                .map(|stars| Some(stars).filter(|stars| *stars > 0)),
            tags: self.tags,
            ..Patch::default()
        })
    }
}

impl Vault {
    /// Changes what is said about an asset. What it was is kept as a revision.
    ///
    /// # Errors
    /// `NotFound`, or a field problem.
    pub async fn edit(&self, caller: &Caller, id: AssetId, edit: Edit) -> Result<Asset> {
        caller.require(Permission::AssetsWrite)?;
        let patch = edit.into_patch()?;
        let (visibility, user, now) = (caller.visibility(), caller.user, self.clock().now());
        let (tenant, entry) = (caller.tenant, self.audited(caller, "asset.edit", id));
        let asset = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let open = catalog::assets::get(tx, &visibility, id).await?;
                    if open.ok_or_else(Error::not_found)?.level < Level::Edit {
                        return Err(Error::refused(Code::Forbidden, "you may look, not edit"));
                    }
                    let found =
                        catalog::assets::patch(tx, &visibility, id, &patch, user, None, now);
                    let patched = found.await?;
                    if patched == Patched::Missing {
                        return Err(Error::not_found());
                    }
                    let asset = catalog::assets::get(tx, &visibility, id).await?;
                    let asset = asset.ok_or_else(Error::not_found)?;
                    if matches!(patched, Patched::Done(_)) {
                        audit::append(tx, &entry).await?;
                        let status = Some(asset.status);
                        changes::of_asset(tx, tenant, id, ChangeKind::Updated, status, now).await?;
                    }
                    Ok(asset)
                }
                .boxed()
            })
            .await?;
        self.committed_in((asset.tenant, asset.owner));
        Ok(asset)
    }

    /// Moves an asset to the trash. Doing it twice is no error.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn trash(&self, caller: &Caller, id: AssetId) -> Result<()> {
        self.move_asset(caller, id, ChangeKind::Trashed)
            .await
            .map(drop)
    }

    /// Takes an asset out of the trash. Doing it twice is no error.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn restore(&self, caller: &Caller, id: AssetId) -> Result<Asset> {
        self.move_asset(caller, id, ChangeKind::Restored).await
    }

    async fn move_asset(&self, caller: &Caller, id: AssetId, kind: ChangeKind) -> Result<Asset> {
        caller.require(Permission::AssetsDelete)?;
        let (visibility, now) = (caller.visibility(), self.clock().now());
        let (tenant, entry) = (caller.tenant, self.audited(caller, kind.as_str(), id));
        let asset = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let asset = catalog::assets::get(tx, &visibility.own(), id).await?;
                    let asset = asset.ok_or_else(Error::not_found)?;
                    let status = Some(asset.status);
                    let trashed = asset.trashed_at.is_some();
                    if trashed == (kind == ChangeKind::Trashed) {
                        return Ok(asset);
                    }
                    // Whoever sees it in a collection hears of it while it is in sight.
                    if kind == ChangeKind::Trashed {
                        changes::of_asset(tx, tenant, id, kind, status, now).await?;
                        catalog::assets::trash(tx, &visibility, id, now).await?;
                    } else {
                        catalog::assets::restore(tx, &visibility, id, now).await?;
                        changes::of_asset(tx, tenant, id, kind, status, now).await?;
                    }
                    audit::append(tx, &entry).await?;
                    let asset = catalog::assets::get(tx, &visibility, id).await?;
                    asset.ok_or_else(Error::not_found)
                }
                .boxed()
            })
            .await?;
        self.committed_in((asset.tenant, asset.owner));
        Ok(asset)
    }

    /// Deletes an asset for good: its rows now, its bytes when nothing else refers to them and the
    /// grace period is over.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn delete(&self, caller: &Caller, id: AssetId) -> Result<()> {
        caller.require(Permission::AssetsDelete)?;
        let (visibility, now) = (caller.visibility(), self.clock().now());
        let entry = self.audited(caller, "asset.delete", id);
        let tenant = caller.tenant;
        let deleted = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    changes::of_asset(tx, tenant, id, ChangeKind::Deleted, None, now).await?;
                    let deleted = catalog::assets::delete(tx, &visibility, id, now).await?;
                    let deleted = deleted.ok_or_else(Error::not_found)?;
                    catalog::users::refund(tx, tenant, deleted.owner, deleted.bytes).await?;
                    audit::append(tx, &entry).await?;
                    Ok(deleted)
                }
                .boxed()
            })
            .await?;
        self.committed_in((tenant, deleted.owner));
        self.delete_objects(&deleted.renditions).await;
        Ok(())
    }

    /// Deletes objects that no row names any more. What cannot be deleted now is left to the sweep.
    pub(crate) async fn delete_objects(&self, objects: &[String]) {
        for object in objects {
            let outcome = match crate::content::object_name(object) {
                Ok(name) => self
                    .gate()
                    .delete(&name)
                    .await
                    .map(drop)
                    .map_err(Error::from),
                Err(error) => Err(error),
            };
            if let Err(error) = outcome {
                tracing::warn!(%object, %error, "an object could not be deleted; the sweep will");
            }
        }
    }
}
