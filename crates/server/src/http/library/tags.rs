//! `GET /tags`: what the library is tagged with.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// Tags, most frequent first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tags)]
pub struct TagsBody {
    items: Vec<TagBody>,
}

/// A tag in use.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tag)]
pub struct TagBody {
    /// In the form in which tags are equal: lower case.
    tag: String,
    /// As somebody wrote it.
    label: String,
    /// Assets that bear it.
    count: u64,
}

/// List the tags of the caller's own library.
#[utoipa::path(get, path = "/tags", tag = "timeline",
    responses((status = 200, description = "Most frequent first", body = TagsBody)))]
pub async fn tags(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Json<TagsBody>, Problem> {
    let found = app.vault.tags(&caller).await?;
    let items = found.into_iter().map(|found| TagBody {
        tag: found.tag,
        label: found.label,
        count: found.count,
    });
    Ok(Json(TagsBody {
        items: items.collect(),
    }))
}
