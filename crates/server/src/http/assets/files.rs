//! `GET /assets/{id}/files`: what an asset's current version is made of.

use axum::Json;
use axum::extract::State;
use domain::AssetId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// The files of the current version.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssetFiles)]
pub struct Files {
    items: Vec<File>,
}

/// One of them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssetFile)]
pub struct File {
    /// `original`, `motion`, `sidecar` or `raw`.
    role: &'static str,
    sha256: String,
    size: u64,
    mime_type: String,
}

/// List the files of an asset's current version: its original and what belongs to it.
#[utoipa::path(get, path = "/assets/{id}/files", tag = "assets", params(("id" = String, Path)),
    responses((status = 200, description = "At least the original", body = Files)))]
pub async fn files(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<AssetId>,
) -> Result<Json<Files>, Problem> {
    let files = app.vault.files(&caller, id).await?;
    let items = files.into_iter().map(|file| File {
        role: file.role.as_str(),
        sha256: file.sha256.to_string(),
        size: file.size,
        mime_type: file.media_type.to_string(),
    });
    Ok(Json(Files {
        items: items.collect(),
    }))
}
