//! `DELETE /assets/{id}`: to the trash, or from it for good.

use axum::extract::State;
use axum::http::StatusCode;
use domain::AssetId;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::App;
use crate::extract::{Path, Query, SignedIn};
use crate::problem::Problem;

/// How to delete.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Delete for good instead of moving to the trash. Cannot be undone.
    permanent: bool,
}

/// Move an asset to the trash, or delete it for good.
#[utoipa::path(delete, path = "/assets/{id}", tag = "assets", params(("id" = String, Path), Params),
    responses((status = 204, description = "Done")))]
pub async fn delete(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<AssetId>,
    Query(params): Query<Params>,
) -> Result<StatusCode, Problem> {
    if params.permanent {
        app.vault.delete(&caller, id).await?;
    } else {
        app.vault.trash(&caller, id).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
