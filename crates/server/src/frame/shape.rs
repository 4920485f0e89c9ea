//! Refuses requests that are out of shape before anything looks at what they ask for: addresses and
//! headers of absurd length, and bodies in an encoding. Nothing is unpacked here, so a small body
//! cannot become a large one.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Code;

use crate::config::Config;
use crate::problem::Problem;

pub(super) async fn check(
    State(config): State<Arc<Config>>,
    request: Request,
    next: Next,
) -> Response {
    let asked = request.uri().path_and_query();
    if asked.is_some_and(|asked| asked.as_str().len() > config.max_url_bytes) {
        return Problem::new(Code::UrlTooLong).into_response();
    }
    let headers = request.headers();
    if headers.len() > config.max_headers || size(headers) > config.max_header_bytes {
        return Problem::new(Code::HeadersTooLarge).into_response();
    }
    if is_encoded(headers) {
        let mut refused = Problem::new(Code::EncodingNotAccepted).into_response();
        let plain = HeaderValue::from_static("identity");
        refused.headers_mut().insert(header::ACCEPT_ENCODING, plain);
        return refused;
    }
    next.run(request).await
}

fn size(headers: &HeaderMap) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum()
}

fn is_encoded(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .any(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"))
}
