//! Cross-site request forgery: a browser sends our cookie along whoever asks it to, so a change
//! made with a cookie must prove that one of our own pages asked.
//!
//! The proof is `Sec-Fetch-Site`, which no page can forge (Fetch Metadata Request Headers, W3C);
//! browsers too old to send it still send `Origin` with every unsafe request (RFC 6454).

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use domain::Code;

use crate::config::Config;
use crate::problem::Problem;

/// Where a request came from, by the browser's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Site {
    /// One of our pages, or the address bar.
    Ours,
    /// Somebody else's page.
    Other,
    /// Not said: an old browser or no browser.
    Unknown,
}

/// Refuses a change made with a cookie unless one of our pages asked for it.
///
/// # Errors
/// `cross_site`.
pub(super) fn require_own_site(parts: &Parts, config: &Config) -> Result<(), Problem> {
    if is_safe(&parts.method) || site(parts, config) == Site::Ours {
        Ok(())
    } else {
        Err(Problem::new(Code::CrossSite))
    }
}

/// Refuses a request that another site's page is known to have sent. For routes that hand out a
/// cookie before there is one, so that no page can sign its visitor in as somebody else.
///
/// # Errors
/// `cross_site`.
pub(crate) fn refuse_other_sites(parts: &Parts, config: &Config) -> Result<(), Problem> {
    if site(parts, config) == Site::Other {
        Err(Problem::new(Code::CrossSite))
    } else {
        Ok(())
    }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn site(parts: &Parts, config: &Config) -> Site {
    if let Some(value) = text(&parts.headers, "sec-fetch-site") {
        return match value {
            "same-origin" | "none" => Site::Ours,
            _ => Site::Other,
        };
    }
    let Some(origin) = text(&parts.headers, header::ORIGIN.as_str()) else {
        return Site::Unknown;
    };
    let origin = origin.to_ascii_lowercase();
    if config.public_origin().as_deref() == Some(&origin) {
        return Site::Ours;
    }
    let host = host_of(parts).map(str::to_ascii_lowercase);
    match (origin.split_once("://"), host) {
        (Some((_, authority)), Some(host)) if authority == host => Site::Ours,
        _ => Site::Other,
    }
}

fn host_of(parts: &Parts) -> Option<&str> {
    parts
        .uri
        .authority()
        .map(axum::http::uri::Authority::as_str)
        .or_else(|| text(&parts.headers, header::HOST.as_str()))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
