//! `GET /uploads/tus`: what is under way.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::body::UploadBody;
use crate::app::App;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// Resumable uploads.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResumableUploads)]
pub struct Answer {
    items: Vec<UploadBody>,
}

/// List the own resumable uploads that are under way.
#[utoipa::path(get, path = "/uploads/tus", tag = "uploads",
    responses((status = 200, description = "The latest first", body = Answer)))]
pub async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Json<Answer>, Problem> {
    let open = app.vault.open_resumables(&caller).await?;
    Ok(Json(Answer {
        items: open.into_iter().map(UploadBody::from).collect(),
    }))
}
