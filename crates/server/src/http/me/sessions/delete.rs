//! `DELETE /me/sessions/{id}`.

use axum::extract::State;
use axum::http::StatusCode;
use domain::{Code, SessionId};
use identity::Identity;

use crate::extract::{Path, Remote, SignedIn};
use crate::problem::Problem;

/// End a session, at once.
#[utoipa::path(delete, path = "/me/sessions/{id}", tag = "me", params(("id" = uuid::Uuid, Path)),
    responses((status = 204, description = "Ended")))]
pub(crate) async fn delete(
    State(identity): State<Identity>,
    SignedIn(caller): SignedIn,
    Remote(peer): Remote,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, Problem> {
    identity
        .end_session(&caller, id, &peer)
        .await?
        .map(|()| StatusCode::NO_CONTENT)
        .ok_or(Problem::new(Code::NotFound))
}
