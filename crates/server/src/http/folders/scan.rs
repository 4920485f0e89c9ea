//! `POST /folders/{id}/scan`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::FolderId;

use super::body::FolderBody;
use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Look through a folder now. A scan that is under way goes on.
#[utoipa::path(post, path = "/folders/{id}/scan", tag = "external", params(("id" = String, Path)),
    responses((status = 202, description = "The folder; the scan begins within seconds", body = FolderBody)))]
pub(crate) async fn scan(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<FolderId>,
) -> Result<(StatusCode, Json<FolderBody>), Problem> {
    let folder = app.vault.scan_folder(&caller, id).await?;
    Ok((StatusCode::ACCEPTED, Json(folder.into())))
}
