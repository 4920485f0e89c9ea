//! `GET` and `HEAD /uploads/tus/{id}`: how an upload stands.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use domain::UploadId;

use super::body::UploadBody;
use super::headers;
use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Look at a resumable upload.
///
/// `HEAD` is the protocol's question how far it is, answered in headers. When all bytes are there, it waits
/// for the outcome: 423 says to ask again.
#[utoipa::path(get, path = "/uploads/tus/{id}", tag = "uploads", params(("id" = String, Path)),
    responses((status = 200, description = "How it stands", body = UploadBody)))]
pub async fn show(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<UploadId>,
    method: Method,
) -> Result<Response, Problem> {
    let upload = match method == Method::HEAD {
        true => app.vault.resumable_outcome(&caller, id).await?,
        false => app.vault.resumable(&caller, id).await?,
    };
    let headers = headers::description(&upload);
    let mut answer = match method == Method::HEAD {
        true => headers.into_response(),
        false => (headers, Json(UploadBody::from(upload))).into_response(),
    };
    let no_store = HeaderValue::from_static("no-store");
    answer.headers_mut().insert(header::CACHE_CONTROL, no_store);
    Ok(answer)
}
