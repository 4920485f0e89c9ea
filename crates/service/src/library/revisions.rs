//! What was changed of an asset, and taking it back.

use catalog::assets::{self, Editor, Undone};
use catalog::changes::ChangeKind;
use catalog::{Tx, audit};
use domain::{AssetId, Code, Permission, Visibility};
use futures::FutureExt;
use identity::Caller;

pub use catalog::assets::Revision;

use super::Asset;
use super::change::tell;
use crate::Vault;
use crate::error::{Error, Result};

impl Vault {
    /// The edits of one of the caller's own assets, newest first.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden` for a guest.
    pub async fn revisions(&self, caller: &Caller, id: AssetId) -> Result<Vec<Revision>> {
        caller.require(Permission::AssetsRead)?;
        self.own_asset(caller, id).await?;
        let visibility = caller.visibility();
        let found = self
            .catalog()
            .read(move |tx| async move { assets::revisions(tx, &visibility, id).await }.boxed())
            .await?;
        Ok(found)
    }

    /// Takes an edit of an own asset back, by an edit that says what had been said before. What was
    /// changed again since stays, unless `force` is with it.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden` for a guest, `WrongState` when later edits stand in the way.
    pub async fn undo(
        &self,
        caller: &Caller,
        id: AssetId,
        number: u64,
        force: bool,
    ) -> Result<Asset> {
        caller.require(Permission::AssetsWrite)?;
        self.own_asset(caller, id).await?;
        let (visibility, editor) = (caller.visibility(), self.editor(caller));
        let entry = self.audited(caller, "asset.undo", id);
        let asset = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    match take_back(tx, &visibility, id, number, editor, force).await? {
                        Undone::Done(_) => audit::append(tx, &entry).await?,
                        Undone::Unchanged => {}
                        Undone::Missing => return Err(Error::not_found()),
                        Undone::Later(fields) => return Err(in_the_way(&fields)),
                    }
                    let asset = assets::get(tx, &visibility, id).await?;
                    asset.ok_or_else(Error::not_found)
                }
                .boxed()
            })
            .await?;
        self.committed_in((asset.tenant, asset.owner));
        Ok(asset)
    }
}

/// Takes an edit of an own asset back and tells of it, within a transaction.
pub(super) async fn take_back(
    tx: &mut Tx,
    visibility: &Visibility,
    id: AssetId,
    number: u64,
    editor: Editor,
    force: bool,
) -> Result<Undone> {
    let own = visibility.own();
    let was_locked = assets::get(tx, &own, id)
        .await?
        .is_some_and(|asset| asset.locked);
    // It may hide the asset: whoever sees it in a collection hears of it while it is in sight.
    tell(tx, &own, id, ChangeKind::Updated, editor.at).await?;
    let undone = assets::undo(tx, &own, id, number, editor, force).await?;
    if was_locked {
        tell(tx, &own, id, ChangeKind::Updated, editor.at).await?;
    }
    Ok(undone)
}

/// The problem of an edit that cannot be taken back by itself.
pub(super) fn in_the_way(fields: &[String]) -> Error {
    let detail = format!("changed again since: {}", fields.join(", "));
    Error::refused(Code::WrongState, detail)
}
