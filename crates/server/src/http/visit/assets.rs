//! `GET /shared/{token}/assets` and `/assets/{id}`.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use domain::AssetId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::body::{PageBody, SharedAssetBody};
use super::cookie;
use crate::app::App;
use crate::extract::{Path, Query, Remote};
use crate::problem::Problem;

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Most assets in the page, 1 to 200; 100 when absent.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List what a link shows, latest first.
#[utoipa::path(get, path = "/shared/{token}/assets", tag = "shared", params(("token" = String, Path), Params),
    responses((status = 200, description = "A page", body = PageBody)))]
pub(crate) async fn list(
    State(app): State<App>,
    Path(token): Path<String>,
    Query(params): Query<Params>,
    Remote(peer): Remote,
    headers: HeaderMap,
) -> Result<Json<PageBody>, Problem> {
    let pass = cookie::pass(&app, &token, &headers);
    let seen = app.vault.visitor(&token, pass.as_deref(), &peer).await?;
    let cursor = params.cursor.as_deref();
    let page = app
        .vault
        .visited_assets(&seen, cursor, params.limit)
        .await?;
    let items = page
        .items
        .into_iter()
        .map(|asset| SharedAssetBody::of(asset, &token, &seen));
    Ok(Json(PageBody {
        items: items.collect(),
        next_cursor: page.next,
    }))
}

/// Look at one of them.
#[utoipa::path(get, path = "/shared/{token}/assets/{id}", tag = "shared",
    params(("token" = String, Path), ("id" = String, Path)),
    responses((status = 200, description = "The asset", body = SharedAssetBody)))]
pub(crate) async fn get(
    State(app): State<App>,
    Path((token, id)): Path<(String, AssetId)>,
    Remote(peer): Remote,
    headers: HeaderMap,
) -> Result<Json<SharedAssetBody>, Problem> {
    let pass = cookie::pass(&app, &token, &headers);
    let seen = app.vault.visitor(&token, pass.as_deref(), &peer).await?;
    let asset = app.vault.visited_asset(&seen, id).await?;
    Ok(Json(SharedAssetBody::of(asset, &token, &seen)))
}
