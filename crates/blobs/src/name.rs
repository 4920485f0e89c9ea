//! How objects are named. Frozen in `docs/adr/0001-blob-format.md`.

use std::fmt;
use std::str::FromStr;

use domain::{BlobId, Sha256, TenantId, UploadId};
use sha2::Digest;
use uuid::Uuid;

/// First part of the name of everything derived.
pub(crate) const DERIVED: &str = "derived/";
/// First part of the name of everything that waits to be joined into a blob.
pub(crate) const PARTS: &str = "parts/";
/// First part of the name of everything unfinished.
pub(crate) const STAGING: &str = "staging/";
/// The key ring.
pub(crate) const KEY_RING: &str = "keyring.json";

/// Name of one object in a store. The text form is what the catalog keeps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectName {
    /// Bytes that people entrusted to the vault: `<tenant>/ab/cd/<sha256>.<blob id>`, where `abcd`
    /// begins the SHA-256, or `<tenant>/<blob id>` in stores that want the name before the bytes.
    /// Never overwritten, never used again.
    Blob {
        /// Whose it is.
        tenant: TenantId,
        /// SHA-256 of the plain bytes, where the name says it.
        sha256: Option<Sha256>,
        /// Unique for ever.
        blob: BlobId,
    },
    /// Bytes that can be made again: `derived/<tenant>/ab/<sha256>/<name>@<step version>`.
    Derived {
        /// Whose it is.
        tenant: TenantId,
        /// SHA-256 of the content it was made from.
        content: Sha256,
        /// What it is, such as `preview`: 1 to 64 of `a-z 0-9 . _ -`, not starting with a dot.
        name: String,
        /// Version of the step that made it.
        step_version: u32,
    },
    /// Some bytes of an upload that is not whole yet: `parts/<tenant>/<upload>/<blob id>`. The object is
    /// like a blob's, and so is its name in stores that want the name before the bytes.
    Part {
        /// Whose it is.
        tenant: TenantId,
        /// Of which upload.
        upload: UploadId,
        /// Unique for ever.
        blob: BlobId,
    },
}

/// The text is not an object name of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an object name: {0:?}")]
pub struct ParseNameError(String);

impl ObjectName {
    /// Name of a blob.
    pub const fn blob(tenant: TenantId, sha256: Sha256, blob: BlobId) -> Self {
        Self::Blob {
            tenant,
            sha256: Some(sha256),
            blob,
        }
    }

    /// Name of a blob that is named before its bytes are known.
    pub const fn early(tenant: TenantId, blob: BlobId) -> Self {
        Self::Blob {
            tenant,
            sha256: None,
            blob,
        }
    }

    /// Name of a derived file.
    ///
    /// # Errors
    /// `name` is empty, too long or has other characters than allowed.
    pub fn derived(
        tenant: TenantId,
        content: Sha256,
        name: &str,
        step_version: u32,
    ) -> Result<Self, ParseNameError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
        if name.is_empty() || name.len() > 64 || name.starts_with('.') || !name.bytes().all(allowed)
        {
            return Err(ParseNameError(name.to_owned()));
        }
        Ok(Self::Derived {
            tenant,
            content,
            name: name.to_owned(),
            step_version,
        })
    }

    /// Whose it is.
    pub const fn tenant(&self) -> TenantId {
        match self {
            Self::Blob { tenant, .. }
            | Self::Derived { tenant, .. }
            | Self::Part { tenant, .. } => *tenant,
        }
    }

    /// What its header and every frame are bound to: the blob id, or for a derived file the first
    /// 16 bytes of the SHA-256 of its name.
    pub(crate) fn binding(&self) -> Uuid {
        match self {
            Self::Blob { blob, .. } | Self::Part { blob, .. } => blob.uuid(),
            Self::Derived { .. } => {
                let digest: [u8; 32] = sha2::Sha256::digest(self.to_string()).into();
                let mut bytes = [0; 16];
                bytes.copy_from_slice(&digest[..16]);
                Uuid::from_bytes(bytes)
            }
        }
    }

    /// The folder all derived files of one content lie in, with its slash.
    pub(crate) fn derived_prefix(tenant: TenantId, content: Sha256) -> String {
        let hash = content.to_string();
        format!("{DERIVED}{tenant}/{}/{hash}/", &hash[..2])
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blob {
                tenant,
                sha256: None,
                blob,
            } => write!(f, "{tenant}/{blob}"),
            Self::Blob {
                tenant,
                sha256: Some(sha256),
                blob,
            } => {
                let hash = sha256.to_string();
                write!(f, "{tenant}/{}/{}/{hash}.{blob}", &hash[..2], &hash[2..4])
            }
            Self::Derived {
                tenant,
                content,
                name,
                step_version,
            } => {
                let folder = Self::derived_prefix(*tenant, *content);
                write!(f, "{folder}{name}@{step_version}")
            }
            Self::Part {
                tenant,
                upload,
                blob,
            } => write!(f, "{PARTS}{tenant}/{upload}/{blob}"),
        }
    }
}

impl FromStr for ObjectName {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, ParseNameError> {
        let parts: Vec<&str> = text.split('/').collect();
        let name = match parts[..] {
            ["derived", tenant, _, content, file] => parse_derived(tenant, content, file),
            ["parts", tenant, upload, blob] => parse_part(tenant, upload, blob),
            [tenant, _, _, file] => parse_blob(tenant, file),
            [tenant, blob] => parse_early(tenant, blob),
            _ => None,
        };
        // One object has one name: upper case, other folders or leading zeros are not ours.
        name.filter(|name| name.to_string() == text)
            .ok_or_else(|| ParseNameError(text.to_owned()))
    }
}

fn parse_blob(tenant: &str, file: &str) -> Option<ObjectName> {
    let (sha256, blob) = file.split_once('.')?;
    Some(ObjectName::blob(
        tenant.parse().ok()?,
        sha256.parse().ok()?,
        blob.parse().ok()?,
    ))
}

fn parse_early(tenant: &str, blob: &str) -> Option<ObjectName> {
    Some(ObjectName::early(tenant.parse().ok()?, blob.parse().ok()?))
}

fn parse_part(tenant: &str, upload: &str, blob: &str) -> Option<ObjectName> {
    Some(ObjectName::Part {
        tenant: tenant.parse().ok()?,
        upload: upload.parse().ok()?,
        blob: blob.parse().ok()?,
    })
}

fn parse_derived(tenant: &str, content: &str, file: &str) -> Option<ObjectName> {
    let (name, step_version) = file.rsplit_once('@')?;
    ObjectName::derived(
        tenant.parse().ok()?,
        content.parse().ok()?,
        name,
        step_version.parse().ok()?,
    )
    .ok()
}

#[cfg(test)]
mod tests;
