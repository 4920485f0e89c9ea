//! Identifiers. Each is a UUID version 7 (RFC 9562): sortable by creation, safe to show.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text was not a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {what} id")]
pub struct ParseIdError {
    what: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that is known to name this kind of thing (a database row, a fresh id).
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, for storage.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($what, ":{}"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| ParseIdError { what: $what })
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
    )*};
}

ids! {
    /// An isolated customer; every row carries one.
    TenantId = "tenant";
    /// A person or service account of one tenant.
    UserId = "user";
    /// What a person sees: one photo, video, recording or document with its history.
    AssetId = "asset";
    /// An immutable version of an asset.
    VersionId = "version";
    /// Edits of many assets that were made as one.
    BatchId = "batch";
    /// One stored object; never reused, part of its encryption context.
    BlobId = "blob";
    /// One unit of background work.
    JobId = "job";
    /// A signed-in browser or client.
    SessionId = "session";
    /// A named, scoped key for a program.
    ApiKeyId = "api key";
    /// A presigned upload that was announced.
    UploadId = "upload";
    /// An album: assets somebody put together, or a saved search.
    CollectionId = "collection";
    /// A folder outside of the vault whose files are shown where they are.
    FolderId = "folder";
    /// A link that opens something to whoever has it.
    ShareId = "share";
    /// An open door for one new account.
    InvitationId = "invitation";
    /// A message to one user.
    NotificationId = "notification";
    /// One HTTP request, echoed as `X-Request-Id`.
    RequestId = "request";
}

impl TenantId {
    /// The tenant that exists from the first start.
    pub const DEFAULT: Self = Self(Uuid::from_u128(1));
}
