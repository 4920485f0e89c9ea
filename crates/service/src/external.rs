//! External folders: photos that stay where they are on the machine, shown in somebody's library.
//!
//! Whoever looks after the system attaches a folder below one of the roots that the configuration allows.
//! A scan ([`scan`]) looks through it now and then and makes assets of what it finds ([`crate::ingest`]);
//! nothing in it is ever written. A path is an attribute of an asset: files may be moved and renamed, and
//! everything said about them stays. What is there no more is told, not deleted.

mod read;
pub(crate) mod scan;

use std::path::{Path, PathBuf};

use catalog::changes::ChangeKind;
use catalog::external::{self, NewFolder};
use catalog::{audit, users};
use domain::{AssetId, Code, FolderId, Page, Permission, Timestamp, UserId, Visibility};
use futures::FutureExt;
use identity::Caller;
use serde_json::json;

pub use catalog::external::{Entry, EntryCounts, EntryState, Folder, FolderState};
pub(crate) use read::lost;
pub use scan::Progress;

use crate::Vault;
use crate::error::{Error, Result};
use crate::library::change::move_to;
use crate::page;

/// Files named in a page when the client names no number.
const DEFAULT_PAGE: u32 = 100;

/// Most files in a page.
const MAX_PAGE: u32 = 1_000;

/// Places taken away in one transaction when a folder is let go.
const DETACHED: u32 = 200;

/// Most folders of a tenant.
const MAX_FOLDERS: usize = 200;

/// A folder to attach.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Where it lies on the machine.
    pub path: String,
    /// In whose library its files appear; `None`: in the caller's.
    pub owner: Option<UserId>,
}

/// A folder with what lies in it.
#[derive(Debug)]
pub struct Attached {
    /// The folder.
    pub folder: Folder,
    /// What the scan that runs, or ran last, has counted.
    pub progress: Progress,
    /// Its files by state.
    pub counts: EntryCounts,
}

/// Where an asset lies outside of the vault.
#[derive(Debug)]
pub struct Place {
    /// The whole path on the machine.
    pub path: String,
    /// Whether the file was there when it was last looked for.
    pub present: bool,
    /// Since when.
    pub since: Timestamp,
}

impl Vault {
    /// The folders of the caller's tenant, by path.
    ///
    /// # Errors
    /// `Forbidden` without `system:maintain`.
    pub async fn folders(&self, caller: &Caller) -> Result<Vec<Attached>> {
        caller.require(Permission::SystemMaintain)?;
        let tenant = caller.tenant;
        let found = self
            .catalog()
            .read(move |tx| {
                async move {
                    let mut all = Vec::new();
                    for folder in external::folders(tx, tenant).await? {
                        let counts = external::counts(tx, tenant, folder.id).await?;
                        all.push((folder, counts));
                    }
                    Ok(all)
                }
                .boxed()
            })
            .await?;
        found
            .into_iter()
            .map(|(folder, counts)| Attached::of(folder, counts))
            .collect()
    }

    /// One folder.
    ///
    /// # Errors
    /// `Forbidden` without `system:maintain`, `NotFound`.
    pub async fn folder(&self, caller: &Caller, id: FolderId) -> Result<Attached> {
        caller.require(Permission::SystemMaintain)?;
        let tenant = caller.tenant;
        let found = self
            .catalog()
            .read(move |tx| {
                async move {
                    let folder = external::folder(tx, tenant, id).await?;
                    let counts = external::counts(tx, tenant, id).await?;
                    Ok(folder.map(|folder| (folder, counts)))
                }
                .boxed()
            })
            .await?;
        let (folder, counts) = found.ok_or_else(Error::not_found)?;
        Attached::of(folder, counts)
    }

    /// Attaches a folder; its first scan begins within seconds.
    ///
    /// # Errors
    /// `Forbidden` without `system:maintain`; a field problem for a path that is not a readable folder
    /// below an allowed root, or for an owner who does not exist; `Conflict` when it overlaps another.
    pub async fn attach_folder(&self, caller: &Caller, wish: Wish) -> Result<Attached> {
        caller.require(Permission::SystemMaintain)?;
        let path = self.allowed_path(wish.path).await?;
        let (tenant, owner) = (caller.tenant, wish.owner.unwrap_or(caller.user));
        let id: FolderId = self.ids().fresh();
        let detail = json!({ "path": path, "owner": owner });
        let entry = self.entry(caller, "folder.attach", Some(id.uuid()), detail);
        let (by, now) = (caller.user, self.clock().now());
        self.catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    // One at a time, so that two that overlap cannot both find room.
                    users::queue_up(tx, tenant).await?;
                    let all = external::folders(tx, tenant).await?;
                    refuse_overlap(&all, &path)?;
                    if users::by_id(tx, tenant, owner).await?.is_none() {
                        return Err(Error::field("owner_id", "there is no such user"));
                    }
                    let folder = NewFolder {
                        tenant,
                        id,
                        owner,
                        path: &path,
                        created_by: by,
                        created_at: now,
                    };
                    external::attach(tx, &folder).await?;
                    audit::append(tx, &entry).await?;
                    Ok(())
                }
                .boxed()
            })
            .await?;
        self.folder(caller, id).await
    }

    /// Wants a scan of a folder now. One that is under way goes on.
    ///
    /// # Errors
    /// `Forbidden` without `system:maintain`, `NotFound`.
    pub async fn scan_folder(&self, caller: &Caller, id: FolderId) -> Result<Attached> {
        caller.require(Permission::SystemMaintain)?;
        let tenant = caller.tenant;
        self.catalog()
            .write(move |tx| async move { external::want_scan(tx, tenant, id).await }.boxed())
            .await?;
        self.folder(caller, id).await
    }

    /// Lets a folder go. Its files stay where they are; assets that lie nowhere else go to the trash of
    /// their owner, and come out of it when the folder is attached again.
    ///
    /// # Errors
    /// `Forbidden` without `system:maintain`, `NotFound`. Stopped midway, it can be asked for again.
    pub async fn detach_folder(&self, caller: &Caller, id: FolderId) -> Result<()> {
        caller.require(Permission::SystemMaintain)?;
        let tenant = caller.tenant;
        let entry = self.entry(caller, "folder.detach", Some(id.uuid()), json!({}));
        let folder = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    if !external::leave(tx, tenant, id).await? {
                        return Err(Error::not_found());
                    }
                    audit::append(tx, &entry).await?;
                    let folder = external::folder(tx, tenant, id).await?;
                    folder.ok_or_else(Error::not_found)
                }
                .boxed()
            })
            .await?;
        while self.detach_some(&folder).await? {}
        self.catalog()
            .write(move |tx| async move { external::remove(tx, tenant, id).await }.boxed())
            .await?;
        self.committed_in((tenant, folder.owner));
        Ok(())
    }

    /// Whether there was something left to detach.
    async fn detach_some(&self, folder: &Folder) -> Result<bool> {
        let (tenant, id, now) = (folder.tenant, folder.id, self.clock().now());
        let visibility = Visibility::of_user(tenant, folder.owner);
        let left = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let Some(homeless) = external::detach(tx, tenant, id, DETACHED).await? else {
                        return Ok(false);
                    };
                    for asset in homeless {
                        move_to(tx, &visibility, asset, ChangeKind::Trashed, now).await?;
                    }
                    Ok(true)
                }
                .boxed()
            })
            .await?;
        Ok(left)
    }

    /// A page of a folder's files in one state.
    ///
    /// # Errors
    /// `Forbidden` without `system:maintain`, `NotFound`, a field problem for `limit`.
    pub async fn folder_files(
        &self,
        caller: &Caller,
        id: FolderId,
        state: EntryState,
        (cursor, limit): (Option<String>, Option<u32>),
    ) -> Result<Page<Entry>> {
        self.folder(caller, id).await?;
        let limit = page::size(limit, DEFAULT_PAGE, MAX_PAGE)?;
        let (tenant, after) = (caller.tenant, cursor.unwrap_or_default());
        Ok(self
            .catalog()
            .read(move |tx| {
                async move { external::list(tx, tenant, id, state, &after, limit).await }.boxed()
            })
            .await?)
    }

    /// Where one of the caller's own assets lies outside of the vault.
    ///
    /// # Errors
    /// `NotFound`; `Forbidden` for a guest, who need not know how a machine is laid out.
    pub async fn places(&self, caller: &Caller, asset: AssetId) -> Result<Vec<Place>> {
        caller.require(Permission::AssetsRead)?;
        self.own_asset(caller, asset).await?;
        let tenant = caller.tenant;
        let places = self
            .catalog()
            .read(move |tx| async move { external::places_of(tx, tenant, asset).await }.boxed())
            .await?;
        let place = |(root, entry): (String, Entry)| Place {
            path: format!("{}/{}", root.trim_end_matches('/'), entry.path),
            present: entry.state == EntryState::Present,
            since: entry.state_at,
        };
        Ok(places.into_iter().map(place).collect())
    }

    /// The real path of a folder that may be attached.
    async fn allowed_path(&self, path: String) -> Result<String> {
        let roots = self.config().external_roots.clone();
        if roots.is_empty() {
            let detail = "no folder may be attached: the operator names the allowed ones in the setting external_roots";
            return Err(Error::field("path", detail));
        }
        tokio::task::spawn_blocking(move || allowed(&roots, &path))
            .await
            .map_err(|error| Error::Internal(Box::new(error)))?
    }
}

impl Attached {
    fn of(folder: Folder, counts: EntryCounts) -> Result<Self> {
        let progress = serde_json::from_value(folder.progress.clone())
            .map_err(|error| Error::Internal(Box::new(error)))?;
        Ok(Self {
            folder,
            progress,
            counts,
        })
    }
}

/// The path with its links resolved, if it is a folder below one of the roots. What lies outside of them
/// answers the same, whether it is there or not.
fn allowed(roots: &[String], path: &str) -> Result<String> {
    let outside = || {
        let roots = roots.join(", ");
        Error::field("path", format!("it must be a folder in one of: {roots}"))
    };
    if !Path::new(path).is_absolute() {
        return Err(Error::field("path", "the whole path, beginning with /"));
    }
    let real = std::fs::canonicalize(path).map_err(|_| outside())?;
    let inside = roots
        .iter()
        .filter_map(|root| std::fs::canonicalize(root).ok())
        .any(|root: PathBuf| real.starts_with(root));
    if !inside || !real.is_dir() {
        return Err(outside());
    }
    std::fs::read_dir(&real)
        .map_err(|error| Error::field("path", format!("it cannot be read: {error}")))?;
    let text = real.to_str().map(str::to_owned);
    text.ok_or_else(|| Error::field("path", "its name is not UTF-8"))
}

/// A file must not appear through two folders: one would take it from the other at every scan.
fn refuse_overlap(all: &[Folder], path: &str) -> Result<()> {
    if all.len() >= MAX_FOLDERS {
        let detail = format!("there are {MAX_FOLDERS} folders already");
        return Err(Error::refused(Code::WrongState, detail));
    }
    let (new, holds) = (Path::new(path), |folder: &&Folder| {
        let old = Path::new(&folder.path);
        old.starts_with(path) || Path::new(path).starts_with(old)
    });
    match all.iter().find(holds) {
        None => Ok(()),
        Some(other) if Path::new(&other.path) == new => Err(Error::refused(
            Code::Conflict,
            "this folder is attached already",
        )),
        Some(other) => Err(Error::refused(
            Code::Conflict,
            format!("it overlaps {}, which is attached", other.path),
        )),
    }
}
