//! Compresses text we made ourselves: JSON and the web app. Never media, which would not shrink,
//! nor event streams, which must not wait for a full block.

use axum::http::{Response, header};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{Predicate, SizeAbove};

const COMPRESSED: [&str; 7] = [
    "application/json",
    "application/problem+json",
    "application/manifest+json",
    "text/html",
    "text/css",
    "text/javascript",
    "image/svg+xml",
];

/// Smaller bodies gain nothing.
const MIN_BYTES: u64 = 1024;

/// Says whether an answer is text of ours.
#[derive(Debug, Clone, Copy)]
pub(super) struct OurText;

impl Predicate for OurText {
    fn should_compress<B>(&self, response: &Response<B>) -> bool
    where
        B: http_body::Body,
    {
        let headers = response.headers();
        let essence = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .map(str::trim);
        let whole = !headers.contains_key(header::CONTENT_RANGE)
            && !headers.contains_key(header::ACCEPT_RANGES);
        whole && essence.is_some_and(|essence| COMPRESSED.contains(&essence))
    }
}

pub(super) fn layer() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().compress_when(OurText.and(SizeAbove::new(MIN_BYTES)))
}
