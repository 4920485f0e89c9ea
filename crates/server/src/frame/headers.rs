//! Headers that keep browsers from helping an attacker. A handler that set one itself, such as the
//! sandbox around stored content, keeps its own.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::config::Config;

/// Only our own files run; pictures and sound may also come from memory, where the page decrypts
/// or previews them before an upload.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' blob: data:; \
    media-src 'self' blob:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), fullscreen=(self), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// What the addresses of links begin with.
const SECRETS: [&str; 2] = ["/s/", "/api/v1/shared/"];

const X_ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");

const TWO_YEARS: &str = "max-age=63072000";

pub(super) async fn secure(
    State(config): State<Arc<Config>>,
    request: Request,
    next: Next,
) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let path = request.uri().path();
    let is_secret = SECRETS.iter().any(|lead| path.starts_with(lead));
    let mut response = next.run(request).await;
    let mut set = |name: HeaderName, value: &'static str| {
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    for (name, value) in ALWAYS {
        set(name, value);
    }
    if is_api {
        // What one caller may see must not be kept for the next.
        set(header::CACHE_CONTROL, "no-store");
    }
    if is_secret {
        // Whoever has the address is let in: it belongs into no search engine.
        set(X_ROBOTS_TAG, "noindex, nofollow, noarchive");
    }
    if config.is_https() {
        set(header::STRICT_TRANSPORT_SECURITY, TWO_YEARS);
    }
    response
}
