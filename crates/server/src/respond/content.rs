//! Sends stored bytes: whole or in part, or not at all when the client has them already.
//!
//! Bytes of strangers are never run as us: what a browser could execute is offered for saving, and
//! all of it stands in a sandbox with a fixed type.

#[cfg(test)]
mod tests;

use std::future::Future;
use std::ops::Range;

use axum::BoxError;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::{Code, MediaType, Sha256, Timestamp};
use futures::stream::BoxStream;

use super::conditions::{Conditions, Verdict, http_date};
use super::disposition::{Disposition, content_disposition};
use crate::problem::Problem;

/// Bytes as they come from the store, passed on without copying.
pub type BodyStream = BoxStream<'static, Result<Bytes, BoxError>>;

/// How long a client may keep what it got without asking again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Not without asking: whether it is still the same, and still allowed.
    Revalidate,
    /// For good: the URL names this very content.
    Immutable,
}

/// Stored bytes and what is known of them.
#[derive(Debug, Clone)]
pub struct Content<'a> {
    /// Length of the whole, in bytes.
    pub size: u64,
    /// A name of exactly these bytes, without quotes: hexadecimal, digits, dashes.
    pub etag: &'a str,
    /// When these bytes became the content.
    pub modified: Timestamp,
    /// The type found by looking at the bytes.
    pub media_type: MediaType,
    /// Name to save under.
    pub file_name: &'a str,
    /// The client asked to save rather than show.
    pub download: bool,
    /// How long it may be kept.
    pub cache: Cache,
    /// Digest of the whole, sent as `Repr-Digest` (RFC 9530).
    pub digest: Option<Sha256>,
}

const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");
const SANDBOX: &str =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'";

impl Content<'_> {
    /// Answers a GET or HEAD. `open` is called with the bytes to send, and only when some are sent.
    ///
    /// # Errors
    /// Whatever `open` failed with.
    pub async fn answer<F, Fut, E>(self, conditions: &Conditions, open: F) -> Result<Response, E>
    where
        F: FnOnce(Range<u64>) -> Fut,
        Fut: Future<Output = Result<BodyStream, E>>,
    {
        match conditions.weigh(self.etag, Some(self.modified)) {
            Verdict::Proceed => {}
            Verdict::NotModified => return Ok(self.not_modified()),
            Verdict::Failed => return Ok(Problem::new(Code::PreconditionFailed).into_response()),
        }
        let Ok(part) = conditions.part(self.etag, self.modified, self.size) else {
            return Ok(self.unsatisfiable());
        };
        let range = part.clone().unwrap_or(0..self.size);
        let mut headers = self.headers();
        headers.insert(
            header::CONTENT_LENGTH,
            HeaderValue::from(range.end - range.start),
        );
        let status = match part {
            Some(part) => {
                let text = format!("bytes {}-{}/{}", part.start, part.end - 1, self.size);
                headers.insert(header::CONTENT_RANGE, ascii(&text));
                StatusCode::PARTIAL_CONTENT
            }
            None => StatusCode::OK,
        };
        let body = if conditions.is_head() || range.is_empty() {
            Body::empty()
        } else {
            Body::from_stream(open(range).await?)
        };
        Ok((status, headers, body).into_response())
    }

    /// Headers that say which representation this is, with or without its bytes.
    fn validators(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::ETAG, ascii(&format!("\"{}\"", self.etag)));
        headers.insert(header::LAST_MODIFIED, ascii(&http_date(self.modified)));
        let cache = match self.cache {
            Cache::Revalidate => "private, no-cache",
            Cache::Immutable => "private, max-age=31536000, immutable",
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        headers
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = self.validators();
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(self.media_type.mime()),
        );
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(SANDBOX),
        );
        let disposition = if self.media_type.is_inert() && !self.download {
            Disposition::Inline
        } else {
            Disposition::Attachment
        };
        headers.insert(
            header::CONTENT_DISPOSITION,
            content_disposition(disposition, self.file_name),
        );
        if let Some(digest) = self.digest {
            let digest = STANDARD.encode(digest.as_bytes());
            headers.insert(REPR_DIGEST, ascii(&format!("sha-256=:{digest}:")));
        }
        headers
    }

    fn not_modified(&self) -> Response {
        (StatusCode::NOT_MODIFIED, self.validators()).into_response()
    }

    fn unsatisfiable(&self) -> Response {
        let mut response = Problem::new(Code::RangeNotSatisfiable).into_response();
        let length = format!("bytes */{}", self.size);
        response
            .headers_mut()
            .insert(header::CONTENT_RANGE, ascii(&length));
        response
    }
}

/// A header made of our own ASCII. Should an `etag` ever hold a control character, an empty header
/// is sent rather than none of the content.
fn ascii(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}
