//! `POST /assets/{id}/files?role=…`: a file that belongs to an asset's original.

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{AssetId, Code};
use futures::TryStreamExt;
use serde::Deserialize;
use service::companions::Role;
use utoipa::IntoParams;

use crate::app::App;
use crate::extract::{Path, Query, SignedIn};
use crate::problem::Problem;

/// What the file is to the original.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// `motion` (the moving part of a Live photo), `sidecar` (XMP) or `raw`.
    role: String,
}

/// Attach a file to the current original: the body is its bytes. The same bytes twice are no error.
#[utoipa::path(post, path = "/assets/{id}/files", tag = "assets", params(("id" = String, Path), Params),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 204, description = "It belongs to the asset")))]
pub async fn attach(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<AssetId>,
    Query(params): Query<Params>,
    body: Body,
) -> Result<StatusCode, Problem> {
    let role = role(&params.role)
        .ok_or_else(|| Problem::field("role", "It is motion, sidecar or raw."))?;
    let mut companion = app.vault.receive_companion(&caller, id, role).await?;
    let mut chunks = body.into_data_stream();
    let interrupted = |_| Problem::new(Code::UploadInterrupted);
    while let Some(chunk) = chunks.try_next().await.map_err(interrupted)? {
        companion.write(chunk).await?;
    }
    companion.finish().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The roles that a file beside an original may have.
pub(super) fn role(word: &str) -> Option<Role> {
    match word {
        "motion" => Some(Role::Motion),
        "sidecar" => Some(Role::Sidecar),
        "raw" => Some(Role::Raw),
        _ => None,
    }
}
