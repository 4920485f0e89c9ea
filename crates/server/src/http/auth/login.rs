//! `POST /auth/login`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity::Identity;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{SessionBody, SessionKind, signed_in};
use crate::config::Config;
use crate::extract::{FromThisSite, Json, Remote};
use crate::problem::Problem;

/// Who wants in.
#[derive(Deserialize, ToSchema)]
#[schema(as = Login)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    email: String,
    password: String,
    #[serde(default)]
    session: SessionKind,
}

/// Sign in.
#[utoipa::path(post, path = "/auth/login", tag = "accounts", request_body = Body,
    responses((status = 200, description = "Signed in", body = SessionBody)))]
pub(crate) async fn login(
    State(identity): State<Identity>,
    State(config): State<Arc<Config>>,
    Remote(peer): Remote,
    _: FromThisSite,
    Json(body): Json<Body>,
) -> Result<Response, Problem> {
    let carrier = body.session.into();
    let sign_in = identity
        .login(&body.email, body.password, carrier, &peer)
        .await?;
    Ok(signed_in(StatusCode::OK, sign_in, &config))
}
