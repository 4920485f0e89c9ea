//! Changes of what a person says about an asset, and its way to the trash and beyond.

use catalog::assets::{Editor, FileFact, Patch, Patched};
use catalog::changes::{self, ChangeKind};
use catalog::{Tx, audit};
use domain::{AssetId, Code, Level, Permission, Timestamp, Visibility};
use futures::FutureExt;
use identity::Caller;

use super::{Asset, only_its_owner};
use crate::Vault;
use crate::error::{Error, Result};
use crate::ingest::{check_tags, check_text};
use crate::said::{SaidPlace, SaidTime};

/// Most bytes of an owner's own fields, as JSON.
const MAX_METADATA: usize = 64 << 10;

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
    /// Behind the locked folder's door or not.
    pub locked: Option<bool>,
    /// 1 to 5; 0 takes the stars away.
    pub rating: Option<u8>,
    /// Replaces all tags.
    pub tags: Option<Vec<String>>,
    /// When it was taken; `Some(None)` leaves it to the file again.
    pub captured_at: Option<Option<SaidTime>>,
    /// Where it was taken; `Some(None)`: nowhere, whatever the file says.
    pub location: Option<Option<SaidPlace>>,
    /// What is left to the file again.
    pub use_file: Vec<FileFact>,
    /// Replaces all of the owner's own fields.
    pub metadata: Option<serde_json::Map<String, serde_json::Value>>,
}

impl Edit {
    pub(super) fn into_patch(self) -> Result<Patch> {
        check_text("title", self.title.as_deref(), 500)?;
        check_text("description", self.description.as_deref(), 20_000)?;
        check_tags(self.tags.as_deref().unwrap_or_default())?;
        if self.rating.is_some_and(|stars| stars > 5) {
            return Err(Error::field("rating", "0 to 5"));
        }
        let metadata = self.metadata.map(serde_json::Value::Object);
        let long = |metadata: &serde_json::Value| metadata.to_string().len() > MAX_METADATA;
        if metadata.as_ref().is_some_and(long) {
            let detail = format!("at most {MAX_METADATA} bytes of JSON");
            return Err(Error::field("metadata", detail));
        }
        let text = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let captured = self
            .captured_at
            .map(|said| said.map(|said| said.time()).transpose());
        let place = self
            .location
            .map(|said| said.map(|said| said.place()).transpose());
        Ok(Patch {
            title: self.title.map(text),
            description: self.description.map(text),
            favourite: self.favourite,
            archived: self.archived,
            locked: self.locked,
            rating: self
                .rating
                .map(|stars| Some(stars).filter(|stars| *stars > 0)),
            tags: self.tags,
            captured: captured.transpose()?,
            place: place.transpose()?,
            use_file: self.use_file,
            metadata,
            ..Patch::default()
        })
    }
}

/// The first thing in a patch that is the owner's alone, whoever may edit the asset.
fn owners_alone(patch: &Patch) -> Option<&'static str> {
    let fields = [
        ("favourite", patch.favourite.is_some()),
        ("archived", patch.archived.is_some()),
        ("locked", patch.locked.is_some()),
        (
            "rating",
            patch.rating.is_some() || patch.use_file.contains(&FileFact::Rating),
        ),
        ("metadata", patch.metadata.is_some()),
    ];
    fields
        .into_iter()
        .find_map(|(field, asked)| asked.then_some(field))
}

/// Refuses whoever may not make this edit: a guest without that level, and what is the owner's alone.
fn may_edit(visibility: &Visibility, asset: &Asset, patch: &Patch) -> Result<()> {
    if visibility.owners().any(|owner| owner == asset.owner) {
        return Ok(());
    }
    if asset.level < Level::Edit {
        return Err(Error::refused(Code::Forbidden, "you may look, not edit"));
    }
    match owners_alone(patch) {
        None => Ok(()),
        Some(field) => Err(Error::Refused {
            code: Code::Forbidden,
            detail: "only its owner may change this".into(),
            field: Some(field),
        }),
    }
}

/// Changes an asset and tells of it, within a transaction.
pub(super) async fn change(
    tx: &mut Tx,
    visibility: &Visibility,
    id: AssetId,
    patch: &Patch,
    editor: Editor,
    expected: Option<u64>,
) -> Result<Patched> {
    let hides = patch.locked == Some(true);
    // Whoever sees it in a collection hears of it while it is in sight.
    if hides {
        tell(tx, visibility, id, ChangeKind::Updated, editor.at).await?;
    }
    let patched = catalog::assets::patch_as(tx, visibility, id, patch, editor, expected).await?;
    if matches!(patched, Patched::Done(_)) && !hides {
        tell(tx, visibility, id, ChangeKind::Updated, editor.at).await?;
    }
    Ok(patched)
}

/// Logs a change of an asset as it stands now.
pub(super) async fn tell(
    tx: &mut Tx,
    visibility: &Visibility,
    id: AssetId,
    kind: ChangeKind,
    now: Timestamp,
) -> Result<()> {
    let tenant = visibility.tenant();
    if let Some(asset) = catalog::assets::get(tx, visibility, id).await? {
        changes::of_asset(tx, tenant, id, kind, Some(asset.status), now).await?;
    }
    Ok(())
}

/// Moves an own asset to the trash or back, within a transaction. `None`: there is none. `false`: it
/// is there already.
pub(crate) async fn move_to(
    tx: &mut Tx,
    visibility: &Visibility,
    id: AssetId,
    kind: ChangeKind,
    now: Timestamp,
) -> Result<Option<bool>> {
    let Some(asset) = catalog::assets::get(tx, &visibility.own(), id).await? else {
        return Ok(None);
    };
    let trashes = kind == ChangeKind::Trashed;
    if asset.trashed_at.is_some() == trashes {
        return Ok(Some(false));
    }
    let (tenant, status) = (visibility.tenant(), Some(asset.status));
    // Whoever sees it in a collection hears of it while it is in sight.
    if trashes {
        changes::of_asset(tx, tenant, id, kind, status, now).await?;
        catalog::assets::trash(tx, visibility, id, now).await?;
    } else {
        catalog::assets::restore(tx, visibility, id, now).await?;
        changes::of_asset(tx, tenant, id, kind, status, now).await?;
    }
    Ok(Some(true))
}

/// Why an asset that is not an own one is left alone: a guest, who may know that it exists, is told that
/// it is not theirs.
async fn not_own(tx: &mut Tx, visibility: &Visibility, id: AssetId) -> Result<Error> {
    let seen = catalog::assets::get(tx, visibility, id).await?;
    Ok(match seen {
        Some(_) => only_its_owner(),
        None => Error::not_found(),
    })
}

/// Deletes an own asset for good, within a transaction; gives the objects to delete after it.
/// `None`: there is none.
pub(super) async fn delete(
    tx: &mut Tx,
    visibility: &Visibility,
    id: AssetId,
    now: Timestamp,
) -> Result<Option<Vec<String>>> {
    let tenant = visibility.tenant();
    changes::of_asset(tx, tenant, id, ChangeKind::Deleted, None, now).await?;
    let Some(deleted) = catalog::assets::delete(tx, visibility, id, now).await? else {
        return Ok(None);
    };
    catalog::users::refund(tx, tenant, deleted.owner, deleted.bytes).await?;
    Ok(Some(deleted.renditions))
}

impl Vault {
    /// Changes what is said about an asset. What it was is kept as a revision. With `expected`, only
    /// that revision of the asset is changed.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `PreconditionFailed`, or a field problem.
    pub async fn edit(
        &self,
        caller: &Caller,
        id: AssetId,
        edit: Edit,
        expected: Option<u64>,
    ) -> Result<Asset> {
        caller.require(Permission::AssetsWrite)?;
        let patch = edit.into_patch()?;
        let (visibility, editor) = (caller.visibility(), self.editor(caller));
        let entry = self.audited(caller, "asset.edit", id);
        let asset = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let open = catalog::assets::get(tx, &visibility, id).await?;
                    may_edit(&visibility, &open.ok_or_else(Error::not_found)?, &patch)?;
                    match change(tx, &visibility, id, &patch, editor, expected).await? {
                        Patched::Done(_) => audit::append(tx, &entry).await?,
                        Patched::Unchanged => {}
                        Patched::Missing => return Err(Error::not_found()),
                        Patched::Impossible(why) => {
                            return Err(Error::refused(Code::WrongState, why));
                        }
                        Patched::Stale => {
                            let detail = "somebody has changed it meanwhile";
                            return Err(Error::refused(Code::PreconditionFailed, detail));
                        }
                    }
                    let asset = catalog::assets::get(tx, &visibility, id).await?;
                    asset.ok_or_else(Error::not_found)
                }
                .boxed()
            })
            .await?;
        self.committed_in((asset.tenant, asset.owner));
        Ok(asset)
    }

    /// The caller as the one who edits, now.
    pub(super) fn editor(&self, caller: &Caller) -> Editor {
        Editor {
            by: caller.user,
            at: self.clock().now(),
            batch: None,
        }
    }

    /// Moves an asset to the trash. Doing it twice is no error.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`.
    pub async fn trash(&self, caller: &Caller, id: AssetId) -> Result<()> {
        self.move_asset(caller, id, ChangeKind::Trashed)
            .await
            .map(drop)
    }

    /// Takes an asset out of the trash. Doing it twice is no error.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`.
    pub async fn restore(&self, caller: &Caller, id: AssetId) -> Result<Asset> {
        self.move_asset(caller, id, ChangeKind::Restored).await
    }

    async fn move_asset(&self, caller: &Caller, id: AssetId, kind: ChangeKind) -> Result<Asset> {
        caller.require(Permission::AssetsDelete)?;
        let (visibility, now) = (caller.visibility(), self.clock().now());
        let entry = self.audited(caller, kind.as_str(), id);
        let asset = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let Some(moved) = move_to(tx, &visibility, id, kind, now).await? else {
                        return Err(not_own(tx, &visibility, id).await?);
                    };
                    if moved {
                        audit::append(tx, &entry).await?;
                    }
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
    /// `NotFound`, `Forbidden`.
    pub async fn delete(&self, caller: &Caller, id: AssetId) -> Result<()> {
        caller.require(Permission::AssetsDelete)?;
        let (visibility, now) = (caller.visibility(), self.clock().now());
        let entry = self.audited(caller, "asset.delete", id);
        let objects = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let Some(objects) = delete(tx, &visibility, id, now).await? else {
                        return Err(not_own(tx, &visibility, id).await?);
                    };
                    audit::append(tx, &entry).await?;
                    Ok(objects)
                }
                .boxed()
            })
            .await?;
        self.committed_in((caller.tenant, caller.user));
        self.delete_objects(&objects).await;
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
