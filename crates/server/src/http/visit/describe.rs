//! `GET /shared/{token}`.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;

use super::body::SharedBody;
use super::cookie;
use crate::app::App;
use crate::extract::Path;
use crate::problem::Problem;

/// See what a link is about.
#[utoipa::path(get, path = "/shared/{token}", tag = "shared", params(("token" = String, Path)),
    responses((status = 200, description = "What it is about", body = SharedBody)))]
pub(crate) async fn describe(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Json<SharedBody>, Problem> {
    let pass = cookie::pass(&app, &token, &headers);
    let shown = app.vault.describe_share(&token, pass.as_deref()).await?;
    Ok(Json(shown.into()))
}
