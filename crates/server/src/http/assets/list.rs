//! `GET /assets`: the library by page, filter and order.

use axum::Json;
use axum::extract::State;
use domain::CollectionId;
use serde::Deserialize;
use service::library::{Listing, Order, Sort};
use utoipa::IntoParams;

use super::body::{AssetBody, PageBody};
use super::narrow;
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
    /// `next_cursor` of the page before, with the same parameters otherwise.
    cursor: Option<String>,
    /// Query language: words, `type:`, `camera:`, `after:`, `before:`, `tag:`, `name:`, `rating:`, `is:`, `status:`,
    /// `has:`, `near:`, `box:`, `album:`; a leading `-` means the opposite.
    q: Option<String>,
    /// Only this kind.
    kind: Option<String>,
    /// `captured` (when it was taken; so when absent), `created` (when it came in), `name`, `size`, `rating` or, in
    /// the trash, `trashed`.
    sort: Option<String>,
    /// `desc` (newest or greatest first; so when absent) or `asc`.
    order: Option<String>,
    /// Only what lies in the trash.
    trashed: bool,
    /// Only what lies in this collection, whoever put it there.
    #[param(value_type = Option<String>, format = Uuid)]
    collection: Option<CollectionId>,
}

/// List assets. Without a collection or a query that says otherwise: the caller's own, and of these
/// not what was trashed, archived or locked.
#[utoipa::path(get, path = "/assets", tag = "assets", params(Params),
    responses((status = 200, description = "A page", body = PageBody)))]
pub async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Query(params): Query<Params>,
) -> Result<Json<PageBody>, Problem> {
    let mut filter = narrow::kind(narrow::query(params.q.as_deref())?, params.kind.as_deref())?;
    filter.trashed |= params.trashed;
    let listing = Listing {
        filter,
        collection: params.collection,
        order: order(params.sort.as_deref(), params.order.as_deref())?,
        cursor: params.cursor,
        limit: params.limit,
    };
    let page = app.vault.assets(&caller, listing).await?;
    let items = page
        .items
        .into_iter()
        .map(|asset| AssetBody::in_trash_or_not(asset, &caller, &app.vault))
        .collect();
    Ok(Json(PageBody {
        items,
        next_cursor: page.next,
    }))
}

fn order(sort: Option<&str>, order: Option<&str>) -> Result<Order, Problem> {
    let sort = match sort {
        None | Some("captured") => Sort::Captured,
        Some("created") => Sort::Created,
        Some("name") => Sort::Name,
        Some("size") => Sort::Size,
        Some("rating") => Sort::Rating,
        Some("trashed") => Sort::Trashed,
        Some(_) => {
            let words = "captured, created, name, size, rating or trashed";
            return Err(Problem::field("sort", words));
        }
    };
    match order {
        None | Some("desc") => Ok(sort.into()),
        Some("asc") => Ok(Order {
            sort,
            ascending: true,
        }),
        Some(_) => Err(Problem::field("order", "desc or asc")),
    }
}
