//! `If-Match` of things that count their revisions (RFC 9110 section 13.1.1).

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use domain::Code;

use crate::problem::Problem;

/// The revision that a change is meant for; `None`: whichever there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub Option<u64>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Ok(Self(None));
        };
        match value.to_str().map(str::trim) {
            Ok("*") => Ok(Self(None)),
            Ok(tag) => revision(tag)
                .map(|revision| Self(Some(revision)))
                .ok_or_else(failed),
            Err(_) => Err(failed()),
        }
    }
}

/// A tag that none of ours can be never holds.
fn failed() -> Problem {
    Problem::new(Code::PreconditionFailed)
        .detail("If-Match takes one tag as the ETag of an answer gave it, such as \"3\".")
}

/// `"3"`; or `"3-…"`, where what follows tells states of one revision apart.
fn revision(tag: &str) -> Option<u64> {
    let tag = tag.strip_prefix('"')?.strip_suffix('"')?;
    let number = tag.split_once('-').map_or(tag, |(number, _)| number);
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse().ok().filter(|_| digits)
}

#[cfg(test)]
mod tests {
    use super::revision;

    #[test]
    fn revisions_are_read_from_our_tags_alone() {
        assert_eq!(revision("\"3\""), Some(3));
        assert_eq!(revision("\"3-0123abcd\""), Some(3));
        for tag in [
            "3",
            "W/\"3\"",
            "\"\"",
            "\"x\"",
            "\"+3\"",
            "\"3\", \"4\"",
            "\"-3\"",
            "\"",
        ] {
            assert_eq!(revision(tag), None, "{tag}");
        }
    }
}
