//! `POST /assets/{id}/restore`: back from the trash.

use axum::Json;
use axum::extract::State;
use domain::AssetId;

use super::body::AssetBody;
use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Take an asset out of the trash.
#[utoipa::path(post, path = "/assets/{id}/restore", tag = "assets", params(("id" = String, Path)),
    responses((status = 200, description = "As it is now", body = AssetBody)))]
pub async fn restore(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<AssetId>,
) -> Result<Json<AssetBody>, Problem> {
    let asset = app.vault.restore(&caller, id).await?;
    Ok(Json(AssetBody::of(asset, &caller)))
}
