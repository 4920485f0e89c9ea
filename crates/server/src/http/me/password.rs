//! `POST /me/password`.

use axum::extract::State;
use axum::http::StatusCode;
use identity::Identity;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::extract::{Json, SignedIn};
use crate::problem::Problem;

/// The password before and the one from now on.
#[derive(Deserialize, ToSchema)]
#[schema(as = PasswordChange)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    current: String,
    /// At least ten characters.
    new: String,
}

/// Change one's password. All other sessions end; API keys stay.
#[utoipa::path(post, path = "/me/password", tag = "me", request_body = Body,
    responses((status = 204, description = "Changed")))]
pub(crate) async fn password(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    Json(body): Json<Body>,
) -> Result<StatusCode, Problem> {
    identity
        .change_password(&caller, body.current, body.new)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
