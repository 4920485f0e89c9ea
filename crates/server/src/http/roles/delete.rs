//! `DELETE /roles/{name}`.

use axum::extract::State;
use axum::http::StatusCode;
use domain::Code;
use identity::Identity;

use crate::extract::{Path, SignedIn};
use crate::problem::Problem;

/// Remove a role that nobody holds.
#[utoipa::path(delete, path = "/roles/{name}", tag = "roles", params(("name" = String, Path)),
    responses(
        (status = 204, description = "Removed"),
        (status = 409, description = "Somebody holds it, or it is built in"),
    ))]
pub(crate) async fn delete(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    let removed = identity.remove_role(&caller, &name).await?;
    removed
        .map(|()| StatusCode::NO_CONTENT)
        .ok_or(Problem::new(Code::NotFound))
}
