//! `POST /notifications/read`.

use axum::extract::State;
use axum::http::StatusCode;
use domain::NotificationId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::extract::{Json as JsonIn, SignedIn};
use crate::problem::Problem;

/// Which messages were read: `ids`, or `all`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReadNotifications)]
pub(crate) struct Body {
    /// At most 500.
    #[schema(value_type = Option<Vec<String>>)]
    ids: Option<Vec<NotificationId>>,
    #[serde(default)]
    all: bool,
}

/// Mark messages as read.
#[utoipa::path(post, path = "/notifications/read", tag = "notifications", request_body = Body,
    responses((status = 204, description = "They are")))]
pub(crate) async fn read(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    JsonIn(body): JsonIn<Body>,
) -> Result<StatusCode, Problem> {
    let which = match (body.ids, body.all) {
        (Some(ids), false) => Some(ids),
        (None, true) => None,
        _ => return Err(Problem::field("ids", "name some, or say all")),
    };
    app.vault.read_notifications(&caller, which).await?;
    Ok(StatusCode::NO_CONTENT)
}
