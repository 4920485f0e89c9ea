//! `POST /collections/{id}/assets` and `/assets/remove`: what lies in it.

use axum::Json;
use axum::extract::State;
use domain::{AssetId, CollectionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Json as JsonIn, Path, SignedIn};
use crate::problem::Problem;

/// Which assets.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AssetIds)]
pub(crate) struct Body {
    /// 1 to 1000.
    #[schema(value_type = Vec<String>)]
    asset_ids: Vec<AssetId>,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Placed)]
pub(crate) struct PlacedBody {
    /// So many were not in it before.
    added: u64,
    /// So many were.
    already: u64,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Taken)]
pub(crate) struct TakenBody {
    /// So many lay in it.
    removed: u64,
}

/// Put own assets into a collection.
#[utoipa::path(post, path = "/collections/{id}/assets", tag = "collections", params(("id" = String, Path)),
    request_body = Body, responses((status = 200, description = "How many", body = PlacedBody)))]
pub(crate) async fn add(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<CollectionId>,
    JsonIn(body): JsonIn<Body>,
) -> Result<Json<PlacedBody>, Problem> {
    let placed = app.vault.put_into(&caller, id, &body.asset_ids).await?;
    Ok(Json(PlacedBody {
        added: placed.added,
        already: placed.already,
    }))
}

/// Take assets out of a collection: its owner any, others their own.
#[utoipa::path(post, path = "/collections/{id}/assets/remove", tag = "collections", params(("id" = String, Path)),
    request_body = Body, responses((status = 200, description = "How many", body = TakenBody)))]
pub(crate) async fn remove(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<CollectionId>,
    JsonIn(body): JsonIn<Body>,
) -> Result<Json<TakenBody>, Problem> {
    let removed = app.vault.take_out(&caller, id, &body.asset_ids).await?;
    Ok(Json(TakenBody { removed }))
}
