//! `GET /assets`: the library, newest first, by page and filter.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::library::{Listing, Sort};
use utoipa::IntoParams;

use super::body::{AssetBody, PageBody};
use crate::app::App;
use crate::extract::{Query, SignedIn};
use crate::problem::Problem;

/// Which assets, in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Params {
    /// Most assets in the page, 1 to 200; 100 when absent.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Query language: words, `type:`, `camera:`, `after:`, `before:`, `tag:`, `is:`.
    q: Option<String>,
    /// Only this kind.
    kind: Option<String>,
    /// `captured` (when it was taken) or `created` (when it came in); newest first.
    sort: Option<String>,
    /// Only what lies in the trash.
    trashed: bool,
}

/// List assets.
#[utoipa::path(get, path = "/assets", tag = "assets", params(Params),
    responses((status = 200, description = "A page", body = PageBody)))]
pub async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<PageBody>, Problem> {
    let mut filter = match &params.q {
        Some(text) => {
            domain::parse_query(text).map_err(|error| Problem::field("q", error.to_string()))?
        }
        None => domain::Filter::default(),
    };
    if let Some(kind) = &params.kind {
        filter.kinds = vec![
            kind.parse()
                .map_err(|error: String| Problem::field("kind", error))?,
        ];
    }
    filter.trashed |= params.trashed;
    let sort = match params.sort.as_deref() {
        None | Some("captured") => Sort::Captured,
        Some("created") => Sort::Created,
        Some(_) => return Err(Problem::field("sort", "captured or created")),
    };
    let listing = Listing {
        filter,
        sort,
        cursor: params.cursor,
        limit: params.limit,
    };
    let page = app.vault.assets(&caller, listing).await?;
    let items = page
        .items
        .into_iter()
        .map(|asset| AssetBody::of(asset, &caller))
        .collect();
    Ok(Json(PageBody {
        items,
        next_cursor: page.next_cursor,
    }))
}
