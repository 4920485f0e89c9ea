//! `GET /facets`: what assets have in common, to narrow them by.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Query, SignedIn};
use crate::http::assets::narrow;
use crate::problem::Problem;

/// What is looked at.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Query language, as for `GET /assets`.
    q: Option<String>,
}

/// How many assets there are of what.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Facets)]
pub struct FacetsBody {
    /// Make and model, as `camera:` finds them; most frequent first, at most 100.
    cameras: Vec<FacetBody>,
    /// As `type:` finds them; most frequent first.
    kinds: Vec<FacetBody>,
    /// Newest first.
    years: Vec<FacetBody>,
    /// Stars, `0` for unrated; `5` first.
    ratings: Vec<FacetBody>,
}

/// What some assets have in common, and how many do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Facet)]
pub struct FacetBody {
    value: String,
    count: u64,
}

fn bodies<T: ToString>(facets: Vec<(T, u64)>) -> Vec<FacetBody> {
    let body = |(value, count): (T, u64)| FacetBody {
        value: value.to_string(),
        count,
    };
    facets.into_iter().map(body).collect()
}

/// Count what assets have in common.
#[utoipa::path(get, path = "/facets", tag = "timeline", params(Params),
    responses((status = 200, description = "The counts", body = FacetsBody)))]
pub async fn facets(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<FacetsBody>, Problem> {
    let filter = narrow::query(params.q.as_deref())?;
    let facets = Arc::unwrap_or_clone(app.vault.facets(&caller, filter).await?);
    Ok(Json(FacetsBody {
        cameras: bodies(facets.cameras),
        kinds: bodies(facets.kinds),
        years: bodies(facets.years),
        ratings: bodies(facets.ratings),
    }))
}
