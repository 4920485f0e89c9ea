//! `DELETE /trash`: what lies in it goes for good.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// What it did.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmptiedTrash)]
pub struct EmptiedBody {
    /// Assets deleted for good.
    deleted: u64,
    /// Something still lies in it: ask again.
    more: bool,
}

/// Delete for good what the trash shows. Cannot be undone. A very full one takes several requests.
#[utoipa::path(delete, path = "/trash", tag = "assets",
    responses((status = 200, description = "What it did", body = EmptiedBody)))]
pub async fn empty_trash(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
) -> Result<Json<EmptiedBody>, Problem> {
    let emptied = app.vault.empty_trash(&caller).await?;
    Ok(Json(EmptiedBody {
        deleted: emptied.deleted,
        more: emptied.more,
    }))
}
