//! `GET /collections`: own ones and those that others opened, newest first.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::collections::Listing;
use utoipa::IntoParams;

use super::body::PageBody;
use crate::app::App;
use crate::extract::{Query, SignedIn};
use crate::problem::Problem;

/// Nested in nothing.
const NONE: &str = "none";

/// Which collections.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// The id of the collection they are nested in; `none`: in none that the caller may see; absent: all.
    parent: Option<String>,
    /// Part of the name.
    q: Option<String>,
    /// Most collections in the page, 1 to 500; 200 when absent.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List collections.
#[utoipa::path(get, path = "/collections", tag = "collections", params(Params),
    responses((status = 200, description = "A page", body = PageBody)))]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<PageBody>, Problem> {
    let parent = match params.parent.as_deref() {
        None | Some("") => None,
        Some(NONE) => Some(None),
        Some(id) => {
            let id = id.parse();
            Some(Some(id.map_err(|_| {
                Problem::field("parent", "the id of a collection, or `none`")
            })?))
        }
    };
    let listing = Listing {
        parent,
        name: params.q,
        cursor: params.cursor,
        limit: params.limit,
    };
    let page = app.vault.collections(&caller, listing).await?;
    Ok(Json(PageBody {
        items: page.items.into_iter().map(Into::into).collect(),
        next_cursor: page.next,
    }))
}
