//! `GET /shares/{id}/visits`: who followed it.

use axum::Json;
use axum::extract::State;
use domain::ShareId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Path, Query, SignedIn};
use crate::problem::Problem;

/// Which visits.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Most visits in the page, 1 to 100; 50 when absent.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// One visit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Visit)]
pub(crate) struct VisitBody {
    #[schema(value_type = String, format = Uuid)]
    id: String,
    happened_at: String,
    /// `opened`, `refused` or `downloaded`.
    action: String,
    /// Null: the link as a whole.
    asset_id: Option<String>,
    address: Option<String>,
    user_agent: Option<String>,
}

/// One page of visits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VisitPage)]
pub(crate) struct PageBody {
    items: Vec<VisitBody>,
    next_cursor: Option<String>,
}

/// See who followed a link; the last 10,000 visits are kept.
#[utoipa::path(get, path = "/shares/{id}/visits", tag = "shares", params(("id" = String, Path), Params),
    responses((status = 200, description = "Newest first", body = PageBody)))]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<ShareId>,
    Query(params): Query<Params>,
) -> Result<Json<PageBody>, Problem> {
    let cursor = params.cursor.as_deref();
    let page = app.vault.visits(&caller, id, cursor, params.limit).await?;
    let items = page.items.into_iter().map(|visit| VisitBody {
        id: visit.id.to_string(),
        happened_at: visit.at.to_string(),
        action: visit.action.to_string(),
        asset_id: visit.asset.map(|asset| asset.to_string()),
        address: visit.address,
        user_agent: visit.agent,
    });
    Ok(Json(PageBody {
        items: items.collect(),
        next_cursor: page.next,
    }))
}
