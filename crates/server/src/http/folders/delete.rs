//! `DELETE /folders/{id}`.

use axum::extract::State;
use axum::http::StatusCode;
use domain::FolderId;

use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Let a folder go. Its files stay where they are; assets that lie nowhere else go to their owner's
/// trash, and come out of it when the folder is attached again.
#[utoipa::path(delete, path = "/folders/{id}", tag = "external", params(("id" = String, Path)),
    responses((status = 204, description = "It is no longer attached")))]
pub(crate) async fn delete(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<FolderId>,
) -> Result<StatusCode, Problem> {
    app.vault.detach_folder(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
