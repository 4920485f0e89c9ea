//! `POST /users/{id}/reset-password`.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, header};
use domain::{Code, UserId};
use identity::{Authority, Identity};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// A password that was made up.
#[derive(Serialize, ToSchema)]
#[schema(as = ResetPassword)]
pub(crate) struct ResetBody {
    /// Nobody can show it again.
    password: String,
}

/// Give somebody who is locked out a new password, and end all of that account's sessions.
#[utoipa::path(post, path = "/users/{id}/reset-password", tag = "users", params(("id" = uuid::Uuid, Path)),
    responses((status = 200, description = "The password, shown this once", body = ResetBody)))]
pub(crate) async fn reset_password(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    Path(id): Path<UserId>,
) -> Result<([(HeaderName, &'static str); 1], Json<ResetBody>), Problem> {
    let reset = identity
        .reset_password_of(Authority::Of(&caller), id)
        .await?;
    let password = reset.ok_or(Problem::new(Code::NotFound))?;
    Ok((
        [(header::CACHE_CONTROL, "no-store")],
        Json(ResetBody { password }),
    ))
}
