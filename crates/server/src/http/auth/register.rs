//! `POST /auth/register`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity::{Identity, NewAccount};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{SessionBody, SessionKind, signed_in};
use crate::config::Config;
use crate::extract::{FromThisSite, Json, Remote};
use crate::problem::Problem;

/// Who wants an account.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewAccount)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    email: String,
    /// At least ten characters.
    password: String,
    /// Display name.
    name: Option<String>,
    /// The code printed at start; needed for the first account unless made at the machine itself.
    setup_code: Option<String>,
    /// The secret of an invitation: what follows `/join/` in its link.
    invitation: Option<String>,
    #[serde(default)]
    session: SessionKind,
}

/// Make an account and sign in. The first account owns the vault.
#[utoipa::path(post, path = "/auth/register", tag = "accounts", request_body = Body,
    responses((status = 201, description = "Made and signed in", body = SessionBody)))]
pub(crate) async fn register(
    State(identity): State<Identity>,
    State(config): State<Arc<Config>>,
    Remote(peer): Remote,
    _: FromThisSite,
    Json(body): Json<Body>,
) -> Result<Response, Problem> {
    let wish = NewAccount {
        email: body.email,
        password: body.password,
        name: body.name,
        setup_code: body.setup_code,
        invitation: body.invitation,
    };
    let sign_in = identity.register(wish, body.session.into(), &peer).await?;
    Ok(signed_in(StatusCode::CREATED, sign_in, &config))
}
