//! What went wrong between us and the store, sorted by what to do next. Whatever the store says is
//! cut down to its code and message: a whole answer may quote our access key.

use std::borrow::Cow;
use std::error::Error as _;
use std::io;

use object_store::Error;
use object_store::client::{HttpError, HttpErrorKind};

use crate::BlobError;

/// Longest message of a store that is passed on.
const MAX_WORDS: usize = 200;

/// Codes that ask for another try (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
const PASSING: &[&str] = &[
    "ConditionalRequestConflict",
    "InternalError",
    "OperationAborted",
    "RequestTimeout",
    "ServiceUnavailable",
    "SlowDown",
    "Throttling",
];

/// Codes by which stores say that there is no room: of Ceph, MinIO and their kin.
const FULL: &[&str] = &["QuotaExceeded", "XMinioStorageFull", "InsufficientStorage"];

/// What to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// There is no such object or upload: an answer.
    Absent,
    /// There is one where none must be: an answer.
    Taken,
    /// The range lies behind the object's end: an answer.
    OutOfRange,
    /// No room.
    Full,
    /// It will not: keys, rights, bucket or clock are to be looked at.
    Refused,
    /// It did not answer or could not work: try again.
    Unwell,
}

/// One failed request.
#[derive(Debug, Clone)]
pub struct Fault {
    pub kind: Kind,
    /// For the log and for operators.
    pub words: String,
}

impl Fault {
    /// An answer of the store, by status and body.
    pub fn answered(status: u16, body: &str) -> Self {
        let code = element(body, "Code").unwrap_or_default();
        let kind = match (status, code) {
            (_, code) if FULL.contains(&code) => Kind::Full,
            (_, code) if PASSING.contains(&code) => Kind::Unwell,
            (404, "NoSuchBucket") => Kind::Refused,
            (404, _) => Kind::Absent,
            (409 | 412, _) => Kind::Taken,
            (416, _) => Kind::OutOfRange,
            (507, _) => Kind::Full,
            (408 | 429 | 500.., _) => Kind::Unwell,
            _ => Kind::Refused,
        };
        let message = element(body, "Message").unwrap_or_default();
        let words = match (code, message) {
            ("", _) => format!("it answered with status {status}"),
            ("RequestTimeTooSkewed", _) => "this machine's clock and its own differ".to_owned(),
            (code, "") => format!("it answered {status} {code}"),
            (code, message) => format!("it answered {status} {code}: {}", cut(message)),
        };
        Self { kind, words }
    }

    /// No whole answer came.
    pub fn silent(words: impl Into<String>) -> Self {
        Self {
            kind: Kind::Unwell,
            words: words.into(),
        }
    }

    /// The answer makes no sense, and will not the next time.
    pub fn strange(words: impl Into<String>) -> Self {
        Self {
            kind: Kind::Refused,
            words: words.into(),
        }
    }

    /// For callers of the store, who need not know that it is S3.
    pub fn into_error(self, action: impl Into<Cow<'static, str>>) -> BlobError {
        match self.kind {
            Kind::Full => BlobError::StorageFull,
            _ => BlobError::Unavailable {
                action: action.into(),
                source: io::Error::other(self.words),
            },
        }
    }
}

/// Absence is an answer where something was looked for.
pub fn present<T>(result: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(fault) if fault.kind == Kind::Absent => Ok(None),
        Err(fault) => Err(fault),
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        if let Some(http) = cause::<HttpError>(&error) {
            let silent = http.kind() == HttpErrorKind::Timeout;
            return Self::silent(match silent {
                true => "it did not answer in time".to_owned(),
                false => deepest(http),
            });
        }
        // The answer is told in the text of the error alone: its type is not public.
        let mut text = error.to_string();
        let mut below = error.source();
        while let Some(inner) = below {
            text.push('\n');
            text.push_str(&inner.to_string());
            below = inner.source();
        }
        let status = text
            .split_once("status code: ")
            .and_then(|(_, rest)| rest.get(..3)?.parse().ok());
        match (status, &error) {
            (Some(status), _) => Self::answered(status, &text),
            (None, Error::NotFound { .. }) => Self::answered(404, &text),
            (None, Error::AlreadyExists { .. } | Error::Precondition { .. }) => {
                Self::answered(412, &text)
            }
            (None, _) if text.contains("Server returned error response") => {
                Self::answered(500, &text)
            }
            (None, _) => Self::strange(cut(&error.to_string())),
        }
    }
}

/// The first error of a type below another one.
fn cause<T: std::error::Error + 'static>(error: &Error) -> Option<&T> {
    let mut below = error.source();
    while let Some(inner) = below {
        if let Some(found) = inner.downcast_ref() {
            return Some(found);
        }
        below = inner.source();
    }
    None
}

/// What the system said at the bottom: `Connection refused (os error 111)`.
pub fn deepest(error: &dyn std::error::Error) -> String {
    let mut last = error.to_string();
    let mut below = error.source();
    while let Some(inner) = below {
        last = inner.to_string();
        below = inner.source();
    }
    cut(&last)
}

/// Text of the first element of that name in one of S3's error documents.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    Some(text)
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_WORDS).collect()
}

#[cfg(test)]
mod tests;
