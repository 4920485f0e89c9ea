//! `PATCH /me`.

use axum::Json;
use axum::extract::State;
use identity::{Identity, ProfileEdit};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::extract::{Json as JsonIn, SignedIn};
use crate::http::auth::UserBody;
use crate::problem::Problem;
use domain::given;

/// What to change; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[schema(as = ProfileEdit)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// Display name; null takes it away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    name: Option<Option<String>>,
    /// What one signs in with; takes `current_password`.
    email: Option<String>,
    current_password: Option<String>,
}

/// Change one's own account.
#[utoipa::path(patch, path = "/me", tag = "me", request_body = Body,
    responses((status = 200, description = "As it is now", body = UserBody)))]
pub(crate) async fn update(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    JsonIn(body): JsonIn<Body>,
) -> Result<Json<UserBody>, Problem> {
    let edit = ProfileEdit {
        name: body.name,
        email: body.email,
        current_password: body.current_password,
    };
    Ok(Json(identity.change_profile(&caller, edit).await?.into()))
}
