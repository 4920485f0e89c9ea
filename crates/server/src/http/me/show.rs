//! `GET /me`.

use axum::Json;
use axum::extract::State;
use identity::Identity;

use crate::extract::SignedIn;
use crate::http::auth::UserBody;
use crate::problem::Problem;

/// Look at one's own account.
#[utoipa::path(get, path = "/me", tag = "me",
    responses((status = 200, description = "The account", body = UserBody)))]
pub(crate) async fn show(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
) -> Result<Json<UserBody>, Problem> {
    Ok(Json(identity.account(&caller).await?.into()))
}
