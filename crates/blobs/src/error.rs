//! What can go wrong with bytes, by what the caller does next.

use std::borrow::Cow;
use std::io;

use domain::Sha256;

use crate::name::ParseNameError;

/// Why bytes could not be taken in, given out or looked after.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The object was there a moment ago, or ought to be, and is not.
    #[error("object {object} is not in the store")]
    NotFound {
        /// Its name.
        object: String,
    },
    /// More bytes than allowed: refuse the file.
    #[error("more than the allowed {max} bytes")]
    TooLarge {
        /// The largest size allowed, in bytes.
        max: u64,
    },
    /// The bytes are not those announced: refuse the file.
    #[error("the bytes have SHA-256 {found}, announced was {expected}")]
    DigestMismatch {
        /// As announced.
        expected: Sha256,
        /// As received.
        found: Sha256,
    },
    /// Not as many bytes as announced: refuse the file.
    #[error("{found} bytes arrived, announced were {expected}")]
    SizeMismatch {
        /// As announced.
        expected: u64,
        /// As received.
        found: u64,
    },
    /// No room, or no quota of the file system, left: an operator must make room.
    #[error("the storage is full")]
    StorageFull,
    /// The name is taken, and objects are never overwritten: take a fresh blob id.
    #[error("object {object} exists already")]
    Exists {
        /// Its name.
        object: String,
    },
    /// The stored bytes are not what was written: restore the object from a copy.
    #[error("object {object} is damaged: {reason}")]
    Damaged {
        /// Its name.
        object: String,
        /// What was found.
        reason: Cow<'static, str>,
    },
    /// Master key, key ring and configuration do not fit one another: an operator must sort it out.
    #[error("{0}")]
    Keys(String),
    /// The name given is none of ours.
    #[error(transparent)]
    InvalidName(#[from] ParseNameError),
    /// The store did not answer as it should: try again later.
    #[error("the blob store failed to {action}")]
    Unavailable {
        /// What was being done.
        action: Cow<'static, str>,
        /// What the system said.
        source: io::Error,
    },
}

impl BlobError {
    /// Sorts a system error into the variant that tells the caller what to do.
    pub(crate) fn io(action: impl Into<Cow<'static, str>>, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::StorageFull,
            _ => Self::Unavailable {
                action: action.into(),
                source,
            },
        }
    }

    pub(crate) fn damaged(object: impl ToString, reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Damaged {
            object: object.to_string(),
            reason: reason.into(),
        }
    }

    /// A background task that ended without an answer: it panicked, or the runtime is going down.
    pub(crate) fn stopped(error: tokio::task::JoinError) -> Self {
        Self::io("finish its work", io::Error::other(error))
    }
}
