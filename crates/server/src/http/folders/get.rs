//! `GET /folders/{id}`.

use axum::Json;
use axum::extract::State;
use domain::FolderId;

use super::body::FolderBody;
use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Look at a folder: what lies in it, and how far its scan is.
#[utoipa::path(get, path = "/folders/{id}", tag = "external", params(("id" = String, Path)),
    responses((status = 200, description = "The folder", body = FolderBody)))]
pub(crate) async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<FolderId>,
) -> Result<Json<FolderBody>, Problem> {
    Ok(Json(app.vault.folder(&caller, id).await?.into()))
}
