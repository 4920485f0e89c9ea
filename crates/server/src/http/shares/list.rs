//! `GET /shares`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::body::{PageBody, ShareBody};
use crate::app::App;
use crate::extract::{Query, SignedIn};
use crate::problem::Problem;

/// Which links.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// Only those to this collection.
    collection: Option<String>,
    /// Most links in the page, 1 to 100; 50 when absent.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List own links, those taken back among them.
#[utoipa::path(get, path = "/shares", tag = "shares", params(Params),
    responses((status = 200, description = "Newest first", body = PageBody)))]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<PageBody>, Problem> {
    let collection = match params.collection.as_deref() {
        None | Some("") => None,
        Some(id) => Some(
            id.parse()
                .map_err(|_| Problem::field("collection", "the id of a collection"))?,
        ),
    };
    let cursor = params.cursor.as_deref();
    let page = app
        .vault
        .shares(&caller, collection, cursor, params.limit)
        .await?;
    let items = page
        .items
        .into_iter()
        .map(|share| ShareBody::of(share, &app.config));
    Ok(Json(PageBody {
        items: items.collect(),
        next_cursor: page.next,
    }))
}
