//! `GET /folders`.

use axum::Json;
use axum::extract::State;

use super::body::FoldersBody;
use crate::app::App;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// List the folders that are attached.
#[utoipa::path(get, path = "/folders", tag = "external",
    responses((status = 200, description = "By path", body = FoldersBody)))]
pub(crate) async fn list(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Json<FoldersBody>, Problem> {
    let folders = app.vault.folders(&caller).await?;
    let items = folders.into_iter().map(Into::into).collect();
    Ok(Json(FoldersBody { items }))
}
