//! `GET /export`: everything the caller owns.

pub mod assets;
pub mod collections;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use service::export::Wish;
use utoipa::IntoParams;

use crate::app::App;
use crate::extract::{Query, SignedIn};
use crate::problem::Problem;

/// What is to be in it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// `1`: what lies in the locked folder, too. Whoever has the export can look at it.
    locked: Option<u8>,
}

/// Download everything of one's own as one ZIP.
///
/// Originals with what lies beside them, earlier versions, an XMP sidecar for each, and JSON lines from
/// which another vault makes the same library again. The trash is in it, the locked folder only when asked
/// for. A file that cannot be read is told in `problems.jsonl`.
#[utoipa::path(get, path = "/export", tag = "imports", params(Params),
    responses((status = 200, description = "The archive", content_type = "application/zip")))]
pub async fn export(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Response, Problem> {
    let wish = Wish {
        locked: params.locked.unwrap_or(0) != 0,
    };
    let archive = app.vault.export(&caller, wish).await?;
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
