//! `OPTIONS`: what of the protocol is spoken here. Anybody may ask.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, options};
use service::resumable::ALGORITHMS;

use super::version::{TUS_VERSION, VERSION};
use crate::app::App;

/// The extensions of the protocol that are spoken.
const EXTENSIONS: &str = "creation,creation-with-upload,creation-defer-length,termination,checksum,\
     expiration,concatenation";

/// The answer to `OPTIONS`.
pub(crate) fn route() -> MethodRouter<App> {
    options(discover)
}

async fn discover(State(app): State<App>) -> Response {
    let mut answer = StatusCode::NO_CONTENT.into_response();
    let headers = answer.headers_mut();
    headers.insert(HeaderName::from_static("tus-resumable"), VERSION);
    headers.insert(TUS_VERSION, VERSION);
    let extensions = HeaderValue::from_static(EXTENSIONS);
    headers.insert(HeaderName::from_static("tus-extension"), extensions);
    let max = app.vault.max_upload_size();
    headers.insert(HeaderName::from_static("tus-max-size"), max.into());
    if let Ok(algorithms) = HeaderValue::from_str(&ALGORITHMS.join(",")) {
        let name = HeaderName::from_static("tus-checksum-algorithm");
        headers.insert(name, algorithms);
    }
    answer
}
