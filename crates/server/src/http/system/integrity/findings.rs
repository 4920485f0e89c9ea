//! `GET /system/integrity/findings`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use service::Vault;
use utoipa::{IntoParams, ToSchema};

use super::body::FindingBody;
use crate::extract::{Query, SignedIn};
use crate::problem::Problem;

/// Which findings.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Only those of which nothing has become yet.
    open: bool,
    /// Most findings in the page, 1 to 200; 50 when absent.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// Findings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Findings)]
pub(crate) struct Answer {
    items: Vec<FindingBody>,
    next_cursor: Option<String>,
}

/// List copies that were not what they ought to be, and what became of each.
#[utoipa::path(get, path = "/system/integrity/findings", tag = "system", params(Params),
    responses((status = 200, description = "Newest first", body = Answer)))]
pub(crate) async fn findings(
    State(vault): State<Vault>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<Answer>, Problem> {
    let cursor = params.cursor.as_deref();
    let page = vault
        .findings(&caller, params.open, cursor, params.limit)
        .await?;
    Ok(Json(Answer {
        items: page.items.into_iter().map(Into::into).collect(),
        next_cursor: page.next,
    }))
}
