//! `PATCH /assets/{id}`: what a person says about an asset.

use axum::Json;
use axum::extract::State;
use domain::AssetId;
use serde::Deserialize;
use service::library::Edit;
use utoipa::ToSchema;

use super::body::AssetBody;
use crate::app::App;
use crate::extract::{Json as JsonIn, Path, SignedIn};
use crate::problem::Problem;

/// What to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AssetEdit)]
pub struct Body {
    /// Empty takes it away.
    title: Option<String>,
    /// Empty takes it away.
    description: Option<String>,
    favourite: Option<bool>,
    archived: Option<bool>,
    /// 1 to 5 stars; 0 takes them away.
    rating: Option<u8>,
    /// Replaces all tags.
    tags: Option<Vec<String>>,
}

/// Change what is said about an asset.
#[utoipa::path(patch, path = "/assets/{id}", tag = "assets", params(("id" = String, Path)),
    request_body = Body, responses((status = 200, description = "As it is now", body = AssetBody)))]
pub async fn patch(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<AssetId>,
    JsonIn(body): JsonIn<Body>,
) -> Result<Json<AssetBody>, Problem> {
    let edit = Edit {
        title: body.title,
        description: body.description,
        favourite: body.favourite,
        archived: body.archived,
        rating: body.rating,
        tags: body.tags,
    };
    let asset = app.vault.edit(&caller, id, edit).await?;
    Ok(Json(AssetBody::of(asset, &caller)))
}
