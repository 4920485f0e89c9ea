//! `DELETE /uploads/tus/{id}`: give an upload up.

use axum::extract::State;
use axum::http::StatusCode;
use domain::UploadId;

use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Give a resumable upload up. What it became already stays.
#[utoipa::path(delete, path = "/uploads/tus/{id}", tag = "uploads",
    params(
        ("id" = String, Path),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
    ),
    responses((status = 204, description = "Given up")))]
pub async fn delete(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<UploadId>,
) -> Result<StatusCode, Problem> {
    app.vault.end_resumable(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
