//! Gives every request an id, a span and one log line.
//!
//! The line carries the path but never the query string, which may hold a signature, and no header.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use domain::{Ids, RequestId};
use identity::Peer;
use tracing::{Instrument, debug, field, info, info_span};

use super::Frame;
use super::measure::Measured;
use crate::extract::peer;

/// Name of the header that carries the id both ways.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Parameters of routes that are secrets.
const SECRETS: [&str; 2] = ["{secret}", "{token}"];

/// Pages of the web app whose address ends in a secret.
const SECRET_PAGES: [&str; 2] = ["/join/", "/s/"];

/// Longest path that is logged.
const MAX_PATH: usize = 256;

/// The id of the request being served: ours, or the client's own when it sent a plain short one.
#[derive(Debug, Clone)]
pub struct RequestTag(Arc<str>);

impl RequestTag {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

pub(super) async fn identify(
    State(frame): State<Frame>,
    mut request: Request,
    next: Next,
) -> Response {
    let tag = RequestTag(match sent_id(&request) {
        Some(id) => id.into(),
        None => Ids::new(&*frame.clock, &*frame.entropy)
            .fresh::<RequestId>()
            .to_string()
            .into(),
    });
    let peer = Peer {
        request: tag.as_str().parse().ok(),
        ..peer::of(request.headers(), request.extensions(), &frame.config)
    };
    let span = info_span!(
        "request",
        request_id = tag.as_str(),
        method = %request.method(),
        path = shown_path(&request),
        peer = %peer.address,
        user = field::Empty,
    );
    request.extensions_mut().insert(tag.clone());
    request.extensions_mut().insert(peer);
    // Probes come every few seconds for ever.
    let path = request.uri().path();
    let is_probe = path.starts_with("/health") || path == "/metrics";
    let measured = Measured::begin(&request);
    let response = async {
        let mut response = next.run(request).await;
        if let Ok(value) = HeaderValue::from_str(tag.as_str()) {
            response.headers_mut().insert(X_REQUEST_ID, value);
        }
        let status = response.status().as_u16();
        let millis = measured.answered(response.status()).as_millis() as u64;
        if is_probe {
            debug!(status, millis, "answered");
        } else {
            info!(status, millis, "answered");
        }
        response
    };
    response.instrument(span).await
}

fn sent_id(request: &Request) -> Option<String> {
    let id = request.headers().get(X_REQUEST_ID)?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    ((8..=64).contains(&id.len()) && id.bytes().all(plain)).then(|| id.to_owned())
}

/// The path as it is logged: where a part of it opens something, the route's pattern instead, or as
/// much as comes before.
fn shown_path(request: &Request) -> &str {
    let pattern = request.extensions().get::<MatchedPath>();
    if let Some(pattern) = pattern
        && SECRETS
            .iter()
            .any(|secret| pattern.as_str().contains(secret))
    {
        return pattern.as_str();
    }
    let path = request.uri().path();
    let page = SECRET_PAGES.iter().find(|page| path.starts_with(*page));
    page.copied().unwrap_or_else(|| short_path(path))
}

fn short_path(path: &str) -> &str {
    match path.char_indices().nth(MAX_PATH) {
        Some((end, _)) => &path[..end],
        None => path,
    }
}
