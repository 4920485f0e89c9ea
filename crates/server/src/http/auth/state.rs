//! `GET /auth/state`: what a page must know before anybody has signed in.

use axum::Json;
use axum::extract::State;
use identity::{Identity, Registration};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::UserBody;
use crate::extract::{MaybeSignedIn, Remote};
use crate::problem::Problem;

/// How one can get in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuthState)]
pub(crate) struct StateBody {
    /// There is no account yet: the next to register owns the vault.
    setup_needed: bool,
    /// The first account takes the code that was printed at start.
    setup_code_needed: bool,
    /// Who may register.
    #[schema(value_type = String)]
    registration: Registration,
    /// Who is signed in; null: nobody.
    #[schema(required)]
    user: Option<UserBody>,
}

/// Say how one can get in, and who already is.
#[utoipa::path(get, path = "/auth/state", tag = "accounts",
    responses((status = 200, description = "How one can get in", body = StateBody)))]
pub(crate) async fn state(
    State(identity): State<Identity>,
    Remote(peer): Remote,
    MaybeSignedIn(caller): MaybeSignedIn,
) -> Result<Json<StateBody>, Problem> {
    let state = identity.state(&peer).await?;
    let user = match &caller {
        Some(caller) => Some(identity.account(caller).await?.into()),
        None => None,
    };
    Ok(Json(StateBody {
        setup_needed: state.setup_needed,
        setup_code_needed: state.setup_code_needed,
        registration: state.registration,
        user,
    }))
}
