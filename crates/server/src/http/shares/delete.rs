//! `DELETE /shares/{id}`.

use axum::extract::State;
use axum::http::StatusCode;
use domain::ShareId;

use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Take a link back, at once and for good.
#[utoipa::path(delete, path = "/shares/{id}", tag = "shares", params(("id" = String, Path)),
    responses((status = 204, description = "It leads nowhere now")))]
pub(crate) async fn delete(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<ShareId>,
) -> Result<StatusCode, Problem> {
    app.vault.revoke_share(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
