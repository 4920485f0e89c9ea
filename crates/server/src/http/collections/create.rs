//! `POST /collections`.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{AssetId, CollectionId};
use serde::Deserialize;
use service::collections::Wish;
use utoipa::ToSchema;

use super::body::CollectionBody;
use crate::app::App;
use crate::extract::{Json as JsonIn, SignedIn};
use crate::problem::Problem;

/// A collection to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCollection)]
pub(crate) struct Body {
    name: String,
    description: Option<String>,
    /// The own collection it is nested in.
    #[schema(value_type = Option<String>)]
    parent_id: Option<CollectionId>,
    /// Makes it a smart one.
    query: Option<String>,
    /// Own assets that lie in it from the start; at most 1000.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    asset_ids: Vec<AssetId>,
}

/// Make a collection.
#[utoipa::path(post, path = "/collections", tag = "collections", request_body = Body,
    responses((status = 201, description = "The collection", body = CollectionBody)))]
pub(crate) async fn create(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    JsonIn(body): JsonIn<Body>,
) -> Result<Response, Problem> {
    let wish = Wish {
        name: body.name,
        description: body.description,
        parent: body.parent_id,
        query: body.query,
        assets: body.asset_ids,
    };
    let made = app.vault.make_collection(&caller, wish).await?;
    let headers = [
        (header::LOCATION, format!("/api/v1/collections/{}", made.id)),
        (header::ETAG, format!("\"{}\"", made.revision)),
    ];
    let body = Json(CollectionBody::from(made));
    Ok((StatusCode::CREATED, headers, body).into_response())
}
