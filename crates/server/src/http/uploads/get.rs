//! `GET /uploads/{id}`: how an announced upload stands.

use axum::Json;
use axum::extract::State;
use domain::UploadId;

use super::body::UploadBody;
use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Look at an announced upload.
#[utoipa::path(get, path = "/uploads/{id}", tag = "uploads", params(("id" = String, Path)),
    responses((status = 200, description = "How it stands", body = UploadBody)))]
pub async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<UploadId>,
) -> Result<Json<UploadBody>, Problem> {
    Ok(Json(app.vault.upload(&caller, id).await?.into()))
}
