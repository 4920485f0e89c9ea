//! `GET /export/collections`: what an export tells of the caller's collections.

use axum::Json;
use axum::extract::State;
use domain::CollectionId;
use serde::{Deserialize, Serialize};
use service::export::Collection;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Query, SignedIn};
use crate::problem::Problem;

/// Where to go on.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// `next` of the page before.
    #[param(value_type = Option<String>)]
    after: Option<CollectionId>,
}

/// Some of an export's collections.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExportedCollections)]
pub struct Body {
    /// As they stand in `collections/*.jsonl` of the archive.
    #[schema(value_type = Vec<Object>)]
    items: Vec<Collection>,
    /// Where the next page begins; null after the last.
    #[schema(value_type = Option<String>)]
    next: Option<CollectionId>,
}

/// List what an export tells of one's collections, a page at a time.
#[utoipa::path(get, path = "/export/collections", tag = "imports", params(Params),
    responses((status = 200, description = "A page", body = Body)))]
pub async fn collections(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<Body>, Problem> {
    let page = app.vault.export_collections(&caller, params.after).await?;
    Ok(Json(Body {
        items: page.items,
        next: page.next,
    }))
}
