//! `PATCH /assets/{id}`: what a person says about an asset.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::AssetId;

use super::body::AssetBody;
use super::edit::EditBody;
use super::get::tagged;
use crate::app::App;
use crate::extract::{IfMatch, Json as JsonIn, Path, SignedIn};
use crate::problem::Problem;

/// Change what is said about an asset. What it was is kept as a revision and can be taken back.
///
/// Whoever it is shared with to edit may change title, description, tags, time and place; the rest is
/// its owner's.
#[utoipa::path(patch, path = "/assets/{id}", tag = "assets",
    params(
        ("id" = String, Path),
        ("If-Match" = Option<String>, Header, description = "Change it only if it still has this ETag's revision"),
    ),
    request_body = EditBody,
    responses(
        (status = 200, description = "As it is now", body = AssetBody),
        (status = 412, description = "It was changed meanwhile"),
    ))]
pub async fn patch(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<AssetId>,
    IfMatch(expected): IfMatch,
    JsonIn(body): JsonIn<EditBody>,
) -> Result<Response, Problem> {
    let asset = app.vault.edit(&caller, id, body.into(), expected).await?;
    tagged(StatusCode::OK, asset, &caller, &app)
}
