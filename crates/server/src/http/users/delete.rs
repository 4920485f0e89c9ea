//! `DELETE /users/{id}`.

use axum::extract::State;
use axum::http::StatusCode;
use domain::{Code, UserId};
use identity::{Authority, Identity};

use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Remove an account that owns nothing. One that owns something can be disabled.
#[utoipa::path(delete, path = "/users/{id}", tag = "users", params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 204, description = "Removed"),
        (status = 409, description = "It owns something, or is the last that may manage the vault"),
    ))]
pub(crate) async fn delete(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    Path(id): Path<UserId>,
) -> Result<StatusCode, Problem> {
    let removed = identity.remove_person(Authority::Of(&caller), id).await?;
    removed
        .map(|()| StatusCode::NO_CONTENT)
        .ok_or(Problem::new(Code::NotFound))
}
