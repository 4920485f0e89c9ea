//! `GET /folders/{id}/files`.

use axum::Json;
use axum::extract::State;
use domain::FolderId;
use serde::{Deserialize, Serialize};
use service::external::EntryState;
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::extract::{Path, Query, SignedIn};
use crate::problem::Problem;

/// Which files.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Params {
    /// `present`, `missing`, `beside`, `refused` or `dismissed`.
    #[param(value_type = String)]
    state: EntryState,
    /// Most files in the page, 1 to 1000; 100 when absent.
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A file of a folder.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FolderFile)]
pub(crate) struct FileBody {
    /// Below the folder.
    path: String,
    size: u64,
    /// What it shows; null for a sidecar, and when it is refused or dismissed.
    asset_id: Option<String>,
    /// Why it is refused.
    problem: Option<String>,
    /// Since when it is in this state.
    since: String,
}

/// One page of files.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FolderFilePage)]
pub(crate) struct PageBody {
    items: Vec<FileBody>,
    next_cursor: Option<String>,
}

/// See which files are missing, or were not taken in and why.
#[utoipa::path(get, path = "/folders/{id}/files", tag = "external", params(("id" = String, Path), Params),
    responses((status = 200, description = "By path", body = PageBody)))]
pub(crate) async fn files(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<FolderId>,
    Query(params): Query<Params>,
) -> Result<Json<PageBody>, Problem> {
    let from = (params.cursor, params.limit);
    let page = app
        .vault
        .folder_files(&caller, id, params.state, from)
        .await?;
    let items = page.items.into_iter().map(|file| FileBody {
        path: file.path,
        size: file.size,
        asset_id: file.asset.map(|asset| asset.to_string()),
        problem: file.problem,
        since: file.state_at.to_string(),
    });
    Ok(Json(PageBody {
        items: items.collect(),
        next_cursor: page.next,
    }))
}
