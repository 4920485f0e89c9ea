//! The one way in. Page, command line, API and presigned link all end here: bytes stream once
//! through the gate, then ONE transaction makes them an asset, then the caller is answered.
//!
//! The order is the promise: durable bytes, committed rows, acknowledgement. A stop before the
//! commit leaves an object nobody refers to, which the sweep removes; nothing else can be left.

pub(crate) mod commit;
pub(crate) mod in_place;
mod name;
mod newcomer;
pub(crate) mod steps;

use std::borrow::Cow;

use blobs::{Expect, Writer};
use bytes::Bytes;
use domain::{AssetId, Code, MediaType, Permission, Sha256, UploadId, given};
use identity::Caller;

use crate::Vault;
use crate::config::MismatchPolicy;
use crate::error::{Error, Result};
use crate::library::Asset;
use crate::said::{SaidPlace, SaidTime};

/// What sniffing looks at.
pub(crate) const HEAD: usize = 64 << 10;

/// What a client says of a file before its bytes.
#[derive(Debug, Clone, Default)]
pub struct Announced {
    /// Name as the client has it; only its last component is kept.
    pub file_name: String,
    /// The type the client claims; recorded when the content is something else.
    pub mime_type: Option<String>,
    /// Refuse the bytes unless they have this digest.
    pub sha256: Option<Sha256>,
    /// Refuse the bytes unless they are this many.
    pub size: Option<u64>,
    /// What the owner says about it.
    pub details: Details,
    /// The presigned upload it belongs to.
    pub upload: Option<UploadId>,
    /// The resumable upload it is made of.
    pub resumable: Option<UploadId>,
    /// The own asset it is a new version of; otherwise it is a new asset.
    pub replaces: Option<AssetId>,
}

/// What an owner may say about a file while uploading it.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Details {
    /// Title.
    pub title: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// They are all there are: the file's own keywords do not become tags, as when it was taken out of a
    /// library that had weighed them.
    pub tags_only: bool,
    /// Favourite.
    pub favourite: bool,
    /// Out of the way.
    pub archived: bool,
    /// Behind the locked folder's door.
    pub locked: bool,
    /// Into the trash at once: an import brings along what lay in the trash elsewhere.
    pub trashed: bool,
    /// 1 to 5; 0 says that it has none, whatever the file says.
    pub rating: Option<u8>,
    /// When it was taken.
    pub captured_at: Option<SaidTime>,
    /// Where it was taken; null says that it was nowhere, whatever the file says.
    #[serde(deserialize_with = "given")]
    pub location: Option<Option<SaidPlace>>,
    /// Own fields.
    pub metadata: Option<serde_json::Map<String, serde_json::Value>>,
}

/// What became of a file.
#[derive(Debug)]
pub struct Received {
    /// The asset, new or the one that was there.
    pub asset: Asset,
    /// The caller had these bytes already.
    pub duplicate: bool,
}

/// A file on its way in. Dropping it forgets the file.
pub struct Receiving {
    vault: Vault,
    caller: Caller,
    announced: Announced,
    writer: Writer,
    head: Vec<u8>,
    media_type: Option<MediaType>,
}

impl Vault {
    /// Opens the way in for one file.
    ///
    /// # Errors
    /// `Forbidden`, `TooLarge`, `QuotaExceeded`, a field problem for the name, `StorageFull`,
    /// `Unavailable` — before a byte is read, where it can be known.
    pub async fn receive(&self, caller: &Caller, mut announced: Announced) -> Result<Receiving> {
        caller.require(Permission::AssetsWrite)?;
        announced.file_name = name::clean(&announced.file_name)?;
        announced.details.check()?;
        if let Some(asset) = announced.replaces {
            self.own_asset(caller, asset).await?;
        }
        let max_size = self.live().max_upload_size;
        if announced.size.is_some_and(|size| size > max_size) {
            return Err(too_large(max_size));
        }
        self.require_quota(caller, announced.size.unwrap_or(0))
            .await?;
        self.require_room(announced.size.unwrap_or(0)).await?;
        let blob = self.ids().fresh();
        let expect = Expect {
            sha256: announced.sha256,
            size: announced.size,
            max_size,
        };
        let writer = self.gate().writer(caller.tenant, blob, expect).await?;
        Ok(Receiving {
            vault: self.clone(),
            caller: caller.clone(),
            announced,
            writer,
            head: Vec::new(),
            media_type: None,
        })
    }
}

impl Receiving {
    /// For whom it comes in.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// `TooLarge`, `TypeNotAllowed`, `TypeMismatch`, `StorageFull`.
    pub async fn write(&mut self, chunk: Bytes) -> Result<()> {
        if self.media_type.is_none() {
            let wanted = HEAD - self.head.len();
            self.head
                .extend_from_slice(&chunk[..chunk.len().min(wanted)]);
            if self.head.len() == HEAD {
                self.decide_type()?;
            }
        }
        self.writer.write(chunk).await?;
        Ok(())
    }

    /// Ends the file: makes it durable, commits it, and only then returns.
    ///
    /// # Errors
    /// `DigestMismatch`, `SizeMismatch`, `QuotaExceeded`, `StorageFull`, `Unavailable`.
    pub async fn finish(mut self) -> Result<Received> {
        let media_type = match self.media_type {
            Some(media_type) => media_type,
            None => self.decide_type()?,
        };
        let finished_at = self.vault.clock().now();
        let stored = self.writer.finish().await?;
        commit::commit(
            &self.vault,
            &self.caller,
            commit::Arrived {
                announced: self.announced,
                media_type,
                stored,
                finished_at,
            },
        )
        .await
    }

    fn decide_type(&mut self) -> Result<MediaType> {
        let found = self.vault.judge(&self.announced, &self.head)?;
        self.media_type = Some(found);
        self.head = Vec::new();
        Ok(found)
    }
}

impl Vault {
    /// The type of a file by the bytes it begins with.
    ///
    /// # Errors
    /// `TypeNotAllowed`, `TypeMismatch`.
    pub(crate) fn judge(&self, announced: &Announced, head: &[u8]) -> Result<MediaType> {
        let found = media::sniff(head);
        let config = self.live();
        if !config.allows(found) {
            let detail = format!("{found} is not on the list of accepted types");
            return Err(Error::refused(Code::TypeNotAllowed, detail));
        }
        if config.type_mismatch == MismatchPolicy::Refuse
            && let Some(claimed) = name::mismatch(announced, found)
        {
            let detail = format!("it is named or announced as {claimed} but is {found}");
            return Err(Error::refused(Code::TypeMismatch, detail));
        }
        Ok(found)
    }
}

/// A file name as it is kept.
///
/// # Errors
/// A field problem when nothing usable is left of it.
pub(crate) fn clean_name(name: &str) -> Result<String> {
    name::clean(name)
}

pub(crate) fn too_large(max: u64) -> Error {
    Error::refused(
        Code::TooLarge,
        format!("a file may have at most {max} bytes"),
    )
}

impl Details {
    /// Holds what the owner says against its limits.
    ///
    /// # Errors
    /// A field problem.
    pub fn check(&self) -> Result<()> {
        check_text("title", self.title.as_deref(), 500)?;
        check_text("description", self.description.as_deref(), 20_000)?;
        if self.rating.is_some_and(|stars| stars > 5) {
            return Err(Error::field("rating", "0 to 5"));
        }
        self.captured_at.as_ref().map(SaidTime::time).transpose()?;
        let place = self.location.as_ref().and_then(Option::as_ref);
        place.map(SaidPlace::place).transpose()?;
        check_tags(&self.tags)
    }
}

/// Refuses a text with control characters or more than `max` characters.
pub(crate) fn check_text(field: &'static str, text: Option<&str>, max: usize) -> Result<()> {
    let Some(text) = text else { return Ok(()) };
    if text.chars().count() > max {
        return Err(Error::field(field, format!("at most {max} characters")));
    }
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        return Err(Error::field(field, Cow::Borrowed("no control characters")));
    }
    Ok(())
}

/// Refuses tags that are empty, too long, or too many.
pub(crate) fn check_tags(tags: &[String]) -> Result<()> {
    if tags.len() > 200 {
        return Err(Error::field("tags", "at most 200 tags"));
    }
    for tag in tags {
        if tag.trim().is_empty() || tag.chars().count() > 100 || tag.chars().any(char::is_control) {
            return Err(Error::field(
                "tags",
                "a tag has 1 to 100 printable characters",
            ));
        }
    }
    Ok(())
}
