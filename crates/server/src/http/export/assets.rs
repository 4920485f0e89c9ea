//! `GET /export/assets`: what an export tells of the caller's assets, for those who fetch files themselves.

use axum::Json;
use axum::extract::State;
use domain::AssetId;
use serde::{Deserialize, Serialize};
use service::export::{Record, Wish};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Query, SignedIn};
use crate::problem::Problem;

/// Where to go on, and what is to be told.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// `next` of the page before.
    #[param(value_type = Option<String>)]
    after: Option<AssetId>,
    /// `1`: what lies in the locked folder, too.
    locked: Option<u8>,
}

/// Some of an export's assets.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExportedAssets)]
pub struct Body {
    /// As they stand in `assets/*.jsonl` of the archive, without paths. There may be none on a page that
    /// another follows.
    #[schema(value_type = Vec<Object>)]
    items: Vec<Record>,
    /// Where the next page begins; null after the last.
    #[schema(value_type = Option<String>)]
    next: Option<AssetId>,
}

/// List what an export tells of one's assets, a page at a time.
///
/// Files are read at `/assets/{id}/versions/{number}/content`.
#[utoipa::path(get, path = "/export/assets", tag = "imports", params(Params),
    responses((status = 200, description = "A page", body = Body)))]
pub async fn assets(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<Body>, Problem> {
    let wish = Wish {
        locked: params.locked.unwrap_or(0) != 0,
    };
    let page = app.vault.export_assets(&caller, wish, params.after).await?;
    Ok(Json(Body {
        items: page.items,
        next: page.next,
    }))
}
