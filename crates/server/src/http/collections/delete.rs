//! `DELETE /collections/{id}`.

use axum::extract::State;
use axum::http::StatusCode;
use domain::CollectionId;

use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Remove a collection. Its assets stay in their owners' libraries; what is nested in it moves up.
#[utoipa::path(delete, path = "/collections/{id}", tag = "collections", params(("id" = String, Path)),
    responses((status = 204, description = "It is gone")))]
pub(crate) async fn delete(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<CollectionId>,
) -> Result<StatusCode, Problem> {
    app.vault.delete_collection(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
