//! `GET|HEAD /shared/{token}/assets/{id}/renditions/{name}`: a derived picture for a visitor. A browser
//! may keep it but asks each time, so that a link taken back shows nothing any more.

use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use domain::AssetId;
use serde::Deserialize;
use utoipa::IntoParams;

use super::cookie;
use crate::app::App;
use crate::extract::{Path, Query, Remote};
use crate::http::assets::rendition::send;
use crate::problem::Problem;
use crate::respond::{Cache, Conditions};

/// Which state of it.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// As in the asset's URL; makes browsers fetch a new state.
    #[allow(dead_code, reason = "it is there to make the URL another one")]
    v: Option<String>,
}

/// See a derived picture.
#[utoipa::path(get, path = "/shared/{token}/assets/{id}/renditions/{name}", tag = "shared",
    params(("token" = String, Path), ("id" = String, Path), ("name" = String, Path), Params),
    responses((status = 200, description = "The picture", content_type = "image/webp")))]
pub(crate) async fn rendition(
    State(app): State<App>,
    Path((token, id, name)): Path<(String, AssetId, String)>,
    Query(params): Query<Params>,
    Remote(peer): Remote,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Params { v: _ } = params;
    let pass = cookie::pass(&app, &token, &headers);
    let seen = app.vault.visitor(&token, pass.as_deref(), &peer).await?;
    let picture = app.vault.rendition(&seen.caller, id, &name).await?;
    let conditions = Conditions::new(method, &headers);
    send(picture, false, Cache::Revalidate, &conditions).await
}
