//! The revision a change insists on (`If-Match`, RFC 9110 section 13.1.1).

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use domain::Code;

use crate::problem::Problem;

/// The one revision that shall be changed; `None`: whichever there is.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub Option<u64>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Ok(Self(None));
        };
        let tag = value.to_str().unwrap_or_default().trim();
        if tag == "*" {
            return Ok(Self(None));
        }
        // A tag that is no revision of ours is one that nothing has.
        let revision = tag
            .strip_prefix('"')
            .and_then(|tag| tag.strip_suffix('"'))
            .and_then(|tag| tag.parse().ok());
        let stale = Problem::new(Code::PreconditionFailed).detail("not the revision there is");
        revision.map(|revision| Self(Some(revision))).ok_or(stale)
    }
}
