//! Gives every request an id, a span and one log line.
//!
//! The line carries the path but never the query string, which may hold a signature, and no header.

use std::borrow::Cow;
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

/// What comes before a secret in an address that leads to no route: pages of the web app, and what is
/// misspelt behind it.
const BEFORE_SECRETS: [&str; 4] = [
    "/join/",
    "/s/",
    "/api/v1/shared/",
    "/api/v1/auth/invitations/",
];

/// A part of a path that is as long may be a secret, wherever somebody put it; ours are longer. Ids are
/// known by their shape.
const SECRET_LENGTH: usize = 30;

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
        path = &*shown_path(&request),
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
/// much as comes before. Of a path that leads to no route nobody knows which part opens what.
fn shown_path(request: &Request) -> Cow<'_, str> {
    let path = request.uri().path();
    if let Some(pattern) = request.extensions().get::<MatchedPath>() {
        let pattern = pattern.as_str();
        let opens = SECRETS.iter().any(|secret| pattern.contains(secret));
        return if opens { pattern } else { short_path(path) }.into();
    }
    let before = BEFORE_SECRETS.iter().find(|it| path.starts_with(*it));
    before.map_or_else(|| without_secrets(path), |before| (*before).into())
}

fn without_secrets(path: &str) -> Cow<'_, str> {
    let is_secret = |part: &str| part.len() >= SECRET_LENGTH && part.parse::<RequestId>().is_err();
    if !path.split('/').any(is_secret) {
        return short_path(path).into();
    }
    let shown = path.split('/').map(|part| match is_secret(part) {
        true => "…",
        false => part,
    });
    let shown = shown.collect::<Vec<_>>().join("/");
    short_path(&shown).to_owned().into()
}

fn short_path(path: &str) -> &str {
    match path.char_indices().nth(MAX_PATH) {
        Some((end, _)) => &path[..end],
        None => path,
    }
}
