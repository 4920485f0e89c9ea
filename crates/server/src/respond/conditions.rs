//! Conditional requests (RFC 9110 section 13): what the client already has, and what it insists on.

#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::ops::Range;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, header};
use domain::Timestamp;

use super::range::{Wanted, parse};

/// The conditional and range headers of a request, with its method.
#[derive(Debug, Clone)]
pub struct Conditions {
    method: Method,
    headers: HeaderMap,
}

/// What the conditions say should happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Do what was asked.
    Proceed,
    /// The client has it already: 304.
    NotModified,
    /// The client insisted on another state: 412.
    Failed,
}

const READ: [HeaderName; 6] = [
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_UNMODIFIED_SINCE,
    header::IF_RANGE,
    header::RANGE,
];

impl<S: Send + Sync> FromRequestParts<S> for Conditions {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::new(parts.method.clone(), &parts.headers))
    }
}

impl Conditions {
    /// Takes what matters here from a request.
    pub fn new(method: Method, headers: &HeaderMap) -> Self {
        let mut kept = HeaderMap::new();
        for name in READ {
            for value in headers.get_all(&name) {
                kept.append(name.clone(), value.clone());
            }
        }
        Self {
            method,
            headers: kept,
        }
    }

    pub(super) fn is_head(&self) -> bool {
        self.method == Method::HEAD
    }

    /// Weighs the conditions, in the order of RFC 9110 section 13.2.2, against a representation
    /// with this strong `etag` (without quotes) and date.
    pub fn weigh(&self, etag: &str, modified: Option<Timestamp>) -> Verdict {
        let modified = modified.map(Timestamp::seconds);
        if let Some(list) = self.list(&header::IF_MATCH) {
            if !list.strong(etag) {
                return Verdict::Failed;
            }
        } else if let (Some(limit), Some(modified)) =
            (self.date(&header::IF_UNMODIFIED_SINCE), modified)
            && modified > limit
        {
            return Verdict::Failed;
        }
        let reads = matches!(self.method, Method::GET | Method::HEAD);
        if let Some(list) = self.list(&header::IF_NONE_MATCH) {
            return match (list.weak(etag), reads) {
                (false, _) => Verdict::Proceed,
                (true, true) => Verdict::NotModified,
                (true, false) => Verdict::Failed,
            };
        }
        match (self.date(&header::IF_MODIFIED_SINCE), modified) {
            (Some(since), Some(modified)) if reads && modified <= since => Verdict::NotModified,
            _ => Verdict::Proceed,
        }
    }

    /// The part to send of `size` bytes: `Ok(None)` is all of them, an error none at all (416).
    pub(crate) fn part(
        &self,
        etag: &str,
        modified: Timestamp,
        size: u64,
    ) -> Result<Option<Range<u64>>, Unsatisfiable> {
        // Range is defined for GET alone.
        if self.method != Method::GET || !self.range_applies(etag, modified) {
            return Ok(None);
        }
        let Some(range) = self.text(&header::RANGE) else {
            return Ok(None);
        };
        match parse(range, size) {
            Wanted::Whole => Ok(None),
            Wanted::Part(range) => Ok(Some(range)),
            Wanted::Nothing => Err(Unsatisfiable),
        }
    }

    /// `If-Range`: a part fits only what the client has the other parts of. Strong comparison, so
    /// a weak tag never fits; a date fits only when it is exactly ours.
    fn range_applies(&self, etag: &str, modified: Timestamp) -> bool {
        let Some(condition) = self.text(&header::IF_RANGE) else {
            return !self.headers.contains_key(header::IF_RANGE);
        };
        if condition.starts_with('"') || condition.starts_with("W/") {
            return Tags(condition.to_owned()).strong(etag);
        }
        seconds(condition) == Some(modified.seconds())
    }

    fn text(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim)
    }

    /// All values of a list header, joined as one.
    fn list(&self, name: &HeaderName) -> Option<Tags> {
        let values: Vec<_> = self
            .headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        (!values.is_empty()).then(|| Tags(values.join(",")))
    }

    fn date(&self, name: &HeaderName) -> Option<i64> {
        seconds(self.text(name)?)
    }
}

/// No byte of what was asked for exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unsatisfiable;

/// The text of an entity tag list.
struct Tags(String);

impl Tags {
    fn strong(&self, etag: &str) -> bool {
        self.any(|weak, tag| !weak && tag == etag)
    }

    fn weak(&self, etag: &str) -> bool {
        self.any(|_, tag| tag == etag)
    }

    /// Whether the list is `*` or holds a tag that `fits`. Our own tags hold no comma and no
    /// quote, so a tag of someone else's that does cannot be mistaken for one.
    fn any(&self, fits: impl Fn(bool, &str) -> bool) -> bool {
        self.0.trim() == "*"
            || self.0.split(',').map(str::trim).any(|item| {
                let (weak, quoted) = match item.strip_prefix("W/") {
                    Some(rest) => (true, rest),
                    None => (false, item),
                };
                quoted
                    .strip_prefix('"')
                    .and_then(|rest| rest.strip_suffix('"'))
                    .is_some_and(|tag| fits(weak, tag))
            })
    }
}

/// Seconds since the epoch of an HTTP date, any of the three formats.
fn seconds(date: &str) -> Option<i64> {
    let time = httpdate::parse_http_date(date).ok()?;
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

/// An instant as `Last-Modified` writes it; one before 1970 is written as 1970.
pub(crate) fn http_date(time: Timestamp) -> String {
    let seconds = u64::try_from(time.seconds()).unwrap_or(0);
    // Year 9999 is the last an HTTP date can write.
    let time: SystemTime = UNIX_EPOCH + Duration::from_secs(seconds.min(253_402_300_799));
    httpdate::fmt_http_date(time)
}
