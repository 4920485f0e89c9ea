//! `GET /shares/{id}`.

use axum::Json;
use axum::extract::State;
use domain::ShareId;

use super::body::ShareBody;
use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Look at one link.
#[utoipa::path(get, path = "/shares/{id}", tag = "shares", params(("id" = String, Path)),
    responses((status = 200, description = "The link", body = ShareBody)))]
pub(crate) async fn get(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<ShareId>,
) -> Result<Json<ShareBody>, Problem> {
    let share = app.vault.share(&caller, id).await?;
    Ok(Json(ShareBody::of(share, &app.config)))
}
