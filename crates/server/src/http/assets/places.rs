//! `GET /assets/{id}/places`.

use axum::Json;
use axum::extract::State;
use domain::AssetId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Where an asset lies outside of the vault.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Place)]
pub(crate) struct PlaceBody {
    /// The whole path on the machine.
    path: String,
    /// Whether the file was there when it was last looked for.
    present: bool,
    /// Since when.
    since: String,
}

/// The places of an asset.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Places)]
pub(crate) struct PlacesBody {
    items: Vec<PlaceBody>,
}

/// See in which attached folders an own asset lies. Empty for what was uploaded.
#[utoipa::path(get, path = "/assets/{id}/places", tag = "assets", params(("id" = String, Path)),
    responses((status = 200, description = "Those that are there first", body = PlacesBody)))]
pub(crate) async fn places(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<AssetId>,
) -> Result<Json<PlacesBody>, Problem> {
    let places = app.vault.places(&caller, id).await?;
    let items = places.into_iter().map(|place| PlaceBody {
        path: place.path,
        present: place.present,
        since: place.since.to_string(),
    });
    Ok(Json(PlacesBody {
        items: items.collect(),
    }))
}
