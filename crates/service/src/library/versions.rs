//! Versions of an asset: its states, each immutable; and going back to one, which makes a new one.

use std::ops::Range;

use bytes::Bytes;
use catalog::assets::{self, Turn};
use catalog::changes::{self, ChangeKind};
use catalog::versions::{self, NewVersion};
use catalog::{Tx, audit, users};
use domain::{AssetId, Code, JobId, Level, Permission, Sha256, Timestamp, VersionId};
use futures::{FutureExt, Stream};
use identity::Caller;

pub use catalog::versions::{FileRole, Version, VersionFile};

use super::Asset;
use crate::Vault;
use crate::error::{Error, Result};
use crate::ingest::steps::Begin;

/// A file of a version that may be read.
pub struct StoredFile {
    vault: Vault,
    asset: Asset,
    /// Which.
    pub file: VersionFile,
    /// Name to save it under.
    pub file_name: String,
    /// When it came.
    pub modified: Timestamp,
}

impl StoredFile {
    /// Plain bytes in `range`, which must lie within the size.
    ///
    /// # Errors
    /// Damage is an error of the stream: bytes that do not authenticate are never given out.
    pub async fn read(
        &self,
        range: Range<u64>,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        self.vault
            .bytes_of(self.asset.tenant, &self.file, range)
            .await
    }
}

impl Vault {
    /// The versions of one of the caller's own assets with their files, newest first; and which is the
    /// current one.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden` for a guest: an older version may show what the owner took out.
    pub async fn versions(
        &self,
        caller: &Caller,
        id: AssetId,
    ) -> Result<(VersionId, Vec<(Version, Vec<VersionFile>)>)> {
        caller.require(Permission::AssetsRead)?;
        let asset = self.own_asset(caller, id).await?;
        let visibility = caller.visibility();
        let (found, mut files) = self
            .catalog()
            .read(move |tx| {
                async move {
                    let found = versions::list(tx, &visibility, id).await?;
                    let files = versions::files_of_each(tx, &visibility, id).await?;
                    Ok((found, files))
                }
                .boxed()
            })
            .await?;
        let mut with_files = Vec::with_capacity(found.len());
        for version in found {
            let own = files.extract_if(.., |(of, _)| *of == version.id);
            let own = own.map(|(_, file)| file).collect();
            with_files.push((version, own));
        }
        Ok((asset.version, with_files))
    }

    /// A file of an asset, of several in the role the one with the digest: of its current version, which whoever may download it may read, or of one
    /// of its versions, which is its owner's alone.
    ///
    /// # Errors
    /// `NotFound` when there is no such asset, version or file; `Forbidden`.
    pub async fn stored_file(
        &self,
        caller: &Caller,
        id: AssetId,
        number: Option<u32>,
        role: FileRole,
        sha256: Option<Sha256>,
    ) -> Result<StoredFile> {
        caller.require(Permission::AssetsRead)?;
        let asset = match number {
            None => self.asset_at(caller, id, Level::Download).await?,
            Some(_) => self.own_asset(caller, id).await?,
        };
        let visibility = caller.visibility();
        let (tenant, current) = (asset.tenant, asset.version);
        let found = self
            .catalog()
            .read(move |tx| {
                async move {
                    let version = match number {
                        None => None,
                        Some(number) => {
                            match versions::numbered(tx, &visibility, id, number).await? {
                                None => return Ok(None),
                                version => version,
                            }
                        }
                    };
                    let of = version.as_ref().map_or(current, |version| version.id);
                    let files = versions::files(tx, tenant, of).await?;
                    let file = files.into_iter().find(|file| {
                        let is_it = sha256.is_none_or(|sha256| file.sha256 == sha256);
                        file.role == role && is_it
                    });
                    Ok(file.map(|file| (version, file)))
                }
                .boxed()
            })
            .await?;
        let (version, file) = found.ok_or_else(Error::not_found)?;
        let (name, modified) = match version {
            Some(version) => (version.file_name, version.created_at),
            None => (asset.file_name.clone(), asset.created_at),
        };
        Ok(StoredFile {
            vault: self.clone(),
            file_name: named(&name, &file),
            asset,
            file,
            modified,
        })
    }

    /// Makes a new version of the bytes of an older one of an own asset.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden` for a guest, `WrongState` when these are the current bytes, `Conflict`
    /// when they are another asset by now, `QuotaExceeded`.
    pub async fn roll_back(&self, caller: &Caller, id: AssetId, number: u32) -> Result<Asset> {
        caller.require(Permission::AssetsWrite)?;
        self.own_asset(caller, id).await?;
        let ids = self.ids();
        let back = Back {
            caller: caller.clone(),
            asset: id,
            number,
            version: ids.fresh(),
            job: ids.fresh(),
            entry: self.audited(caller, "asset.rollback", id),
            max_attempts: self.config().max_attempts,
            now: self.clock().now(),
        };
        let asset = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| back.write(tx).boxed())
            .await?;
        self.committed_in((asset.tenant, asset.owner));
        Ok(asset)
    }
}

/// The name to save a file under: that of the version, with what says which of its files it is.
fn named(name: &str, file: &VersionFile) -> String {
    match file.role {
        FileRole::Original => name.to_owned(),
        _ => {
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            format!("{stem}.{}", file.media_type.extension())
        }
    }
}

/// A way back, with all its transaction needs.
struct Back {
    caller: Caller,
    asset: AssetId,
    number: u32,
    version: VersionId,
    job: JobId,
    entry: audit::Entry,
    max_attempts: u32,
    now: Timestamp,
}

impl Back {
    async fn write(self, tx: &mut Tx) -> Result<Asset> {
        let (tenant, visibility) = (self.caller.tenant, self.caller.visibility().own());
        let old = versions::numbered(tx, &visibility, self.asset, self.number).await?;
        let old = old.ok_or_else(Error::not_found)?;
        let files = versions::files(tx, tenant, old.id).await?;
        let original = files.iter().find(|file| file.role == FileRole::Original);
        let original = original.ok_or_else(|| Error::internal("a version without an original"))?;
        let size = files.iter().map(|file| file.size).sum();
        if !users::charge(tx, tenant, self.caller.user, size).await? {
            let detail = "delete something, or ask for more room";
            return Err(Error::refused(Code::QuotaExceeded, detail));
        }
        let before = assets::get(tx, &visibility, self.asset).await?;
        if before.ok_or_else(Error::not_found)?.sha256 == original.sha256 {
            return Err(Error::refused(Code::WrongState, "these are its bytes now"));
        }
        let turn = Turn {
            asset: self.asset,
            version: self.version,
            sha256: original.sha256,
            kind: original.media_type.kind(),
            file_name: &old.file_name,
            at: self.now,
        };
        let number = assets::turn(tx, &visibility, &turn).await?;
        let again: Vec<_> = files
            .iter()
            .map(|file| (file.role, file.sha256, file.blob))
            .collect();
        let version = NewVersion {
            tenant,
            id: self.version,
            asset: self.asset,
            number: number.ok_or_else(Error::not_found)?,
            file_name: &old.file_name,
            created_by: self.caller.user,
            created_at: self.now,
            files: &again,
            charged: true,
        };
        versions::insert(tx, &version).await?;
        let begin = Begin {
            tenant,
            asset: self.asset,
            version: self.version,
            media_type: original.media_type,
            empty: original.size == 0,
            mismatch: None,
            jobs: &[self.job],
            max_attempts: self.max_attempts,
            now: self.now,
        };
        begin.again(tx).await?;
        audit::append(tx, &self.entry).await?;
        let asset = assets::get(tx, &visibility, self.asset).await?;
        let asset = asset.ok_or_else(Error::not_found)?;
        let (kind, status) = (ChangeKind::Updated, Some(asset.status));
        changes::of_asset(tx, tenant, self.asset, kind, status, self.now).await?;
        Ok(asset)
    }
}
