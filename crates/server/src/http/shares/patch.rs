//! `PATCH /shares/{id}`.

use axum::Json;
use axum::extract::State;
use domain::{Level, ShareId, Timestamp, given};
use serde::Deserialize;
use service::shares::Edit;
use utoipa::ToSchema;

use super::body::ShareBody;
use crate::app::App;
use crate::extract::{Json as JsonIn, Path, SignedIn};
use crate::problem::Problem;

/// What to change; what is absent stays, null takes a limit away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ShareEdit)]
pub(crate) struct Body {
    name: Option<String>,
    /// Whoever was let in by another one is asked again.
    #[serde(default, deserialize_with = "given")]
    password: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Option<Timestamp>>,
    /// `view` or `download`.
    #[schema(value_type = Option<String>)]
    level: Option<Level>,
    hide_metadata: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    max_views: Option<Option<u32>>,
}

/// Change a link.
#[utoipa::path(patch, path = "/shares/{id}", tag = "shares", params(("id" = String, Path)),
    request_body = Body, responses((status = 200, description = "As it is now", body = ShareBody)))]
pub(crate) async fn patch(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<ShareId>,
    JsonIn(body): JsonIn<Body>,
) -> Result<Json<ShareBody>, Problem> {
    let edit = Edit {
        name: body.name,
        password: body.password,
        level: body.level,
        hide_metadata: body.hide_metadata,
        max_views: body.max_views,
        expires_at: body.expires_at,
    };
    let share = app.vault.edit_share(&caller, id, edit).await?;
    Ok(Json(ShareBody::of(share, &app.config)))
}
