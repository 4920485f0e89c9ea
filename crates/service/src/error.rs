//! What a verb can answer instead of its result. Each variant maps to one public code; the text a
//! client sees never contains a source error, which goes to the log instead.

use std::borrow::Cow;

use domain::Code;

/// Why a verb did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller can mend it: a public code, words for a person, and the field that is to blame.
    #[error("{code}: {detail}")]
    Refused {
        /// Public, stable.
        code: Code,
        /// What was found, in the caller's terms.
        detail: Cow<'static, str>,
        /// The name of the offending field, header or parameter.
        field: Option<&'static str>,
    },
    /// Come back after some seconds: this was asked for too often, or too much at once.
    #[error("too many requests: {detail}")]
    TooMany {
        /// For `Retry-After`.
        retry_after: u64,
        /// For a person.
        detail: Cow<'static, str>,
    },
    /// Try again after some seconds: a dependency is down or a queue is full.
    #[error("unavailable: {source}")]
    Unavailable {
        /// For `Retry-After`.
        retry_after: u32,
        /// For the log.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The store or the database has no room.
    #[error("storage full: {0}")]
    StorageFull(Box<dyn std::error::Error + Send + Sync>),
    /// A defect or damage; the log has it all.
    #[error("internal: {0}")]
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A refusal with words for a person.
    pub fn refused(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::Refused {
            code,
            detail: detail.into(),
            field: None,
        }
    }

    /// A refusal that names the field to blame.
    pub fn field(field: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::Refused {
            code: Code::InvalidField,
            detail: detail.into(),
            field: Some(field),
        }
    }

    /// Does not exist, or may not be known to exist.
    pub fn not_found() -> Self {
        Self::refused(Code::NotFound, "there is nothing here for you")
    }

    /// A defect described in words.
    pub fn internal(what: impl Into<String>) -> Self {
        Self::Internal(what.into().into())
    }

    /// What may be told to the client later, too.
    pub(crate) fn detail(&self) -> String {
        match self {
            Self::Refused { detail, .. } | Self::TooMany { detail, .. } => detail.to_string(),
            _ => self.code().title().to_owned(),
        }
    }

    /// The public code.
    pub const fn code(&self) -> Code {
        match self {
            Self::Refused { code, .. } => *code,
            Self::TooMany { .. } => Code::TooManyRequests,
            Self::Unavailable { .. } => Code::Unavailable,
            Self::StorageFull(_) => Code::StorageFull,
            Self::Internal(_) => Code::Internal,
        }
    }
}

/// Shorthand used by every verb.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Seconds a client should wait for a dependency that is down.
const RETRY_AFTER: u32 = 5;

impl From<catalog::Error> for Error {
    fn from(error: catalog::Error) -> Self {
        use catalog::Error as Catalog;
        match error {
            Catalog::StorageFull => Self::StorageFull(Box::new(error)),
            Catalog::Busy | Catalog::ReadOnly | Catalog::Unavailable(_) => Self::Unavailable {
                retry_after: RETRY_AFTER,
                source: Box::new(error),
            },
            Catalog::Conflict { .. } => Self::refused(Code::Conflict, "this is already there"),
            _ => Self::Internal(Box::new(error)),
        }
    }
}

impl From<blobs::BlobError> for Error {
    fn from(error: blobs::BlobError) -> Self {
        use blobs::BlobError as Blob;
        match error {
            Blob::TooLarge { max } => Self::refused(
                Code::TooLarge,
                format!("a file may have at most {max} bytes"),
            ),
            Blob::DigestMismatch { .. } => Self::refused(Code::DigestMismatch, error.to_string()),
            Blob::SizeMismatch { .. } => Self::refused(Code::SizeMismatch, error.to_string()),
            Blob::StorageFull => Self::StorageFull(Box::new(error)),
            Blob::Unavailable { .. } => Self::Unavailable {
                retry_after: RETRY_AFTER,
                source: Box::new(error),
            },
            _ => Self::Internal(Box::new(error)),
        }
    }
}

impl From<identity::Error> for Error {
    fn from(error: identity::Error) -> Self {
        match error {
            identity::Error::Catalog(error) => error.into(),
            identity::Error::Wait { seconds } => Self::TooMany {
                retry_after: seconds,
                detail: "wait before you try again".into(),
            },
            identity::Error::Busy => Self::Unavailable {
                retry_after: 1,
                source: Box::new(error),
            },
            error if error.code().status() >= 500 => Self::Internal(Box::new(error)),
            error => Self::Refused {
                code: error.code(),
                field: error.field_name(),
                detail: error.to_string().into(),
            },
        }
    }
}
