//! `GET /export`: everything the caller owns.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// Download everything of one's own as one ZIP.
///
/// Originals, an XMP sidecar for each, and JSON lines from which another vault makes the same
/// library again. An original that cannot be read is told in `problems.jsonl`.
#[utoipa::path(get, path = "/export", tag = "imports",
    responses((status = 200, description = "The archive", content_type = "application/zip")))]
pub async fn export(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Response, Problem> {
    let archive = app.vault.export(&caller).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"media-vault-export.zip\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(archive)).into_response())
}
