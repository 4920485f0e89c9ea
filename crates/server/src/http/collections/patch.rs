//! `PATCH /collections/{id}`.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::{AssetId, CollectionId, given};
use serde::Deserialize;
use service::collections::Edit;
use utoipa::ToSchema;

use super::body::CollectionBody;
use crate::app::App;
use crate::extract::{IfMatch, Json as JsonIn, Path, SignedIn};
use crate::problem::Problem;

/// What to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CollectionEdit)]
pub(crate) struct Body {
    name: Option<String>,
    /// Null or empty takes it away.
    #[serde(default, deserialize_with = "given")]
    description: Option<Option<String>>,
    /// The own collection to nest it in; null: none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    parent_id: Option<Option<CollectionId>>,
    /// An asset in it for its front; null: the latest.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    cover_id: Option<Option<AssetId>>,
    /// What a smart one looks for.
    query: Option<String>,
}

/// Change a collection.
#[utoipa::path(patch, path = "/collections/{id}", tag = "collections",
    params(("id" = String, Path), ("If-Match" = Option<String>, Header, description = "Only this revision")),
    request_body = Body, responses((status = 200, description = "As it is now", body = CollectionBody)))]
pub(crate) async fn patch(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<CollectionId>,
    IfMatch(expected): IfMatch,
    JsonIn(body): JsonIn<Body>,
) -> Result<Response, Problem> {
    let edit = Edit {
        name: body.name,
        description: body.description.map(Option::unwrap_or_default),
        parent: body.parent_id,
        cover: body.cover_id,
        query: body.query,
    };
    let changed = app
        .vault
        .edit_collection(&caller, id, edit, expected)
        .await?;
    let tag = [(header::ETAG, format!("\"{}\"", changed.revision))];
    Ok((tag, Json(CollectionBody::from(changed))).into_response())
}
