//! `POST /auth/refresh`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity::Identity;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{SessionBody, signed_in};
use crate::config::Config;
use crate::extract::{Json, Remote};
use crate::problem::Problem;

/// The token of the last sign-in or refresh.
#[derive(Deserialize, ToSchema)]
#[schema(as = Refresh)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    refresh_token: String,
}

/// Exchange a refresh token for the next pair. Each works once; one that comes back ends its
/// session.
#[utoipa::path(post, path = "/auth/refresh", tag = "accounts", request_body = Body,
    responses((status = 200, description = "The next pair", body = SessionBody)))]
pub(crate) async fn refresh(
    State(identity): State<Identity>,
    State(config): State<Arc<Config>>,
    Remote(peer): Remote,
    Json(body): Json<Body>,
) -> Result<Response, Problem> {
    let sign_in = identity.refresh(&body.refresh_token, &peer).await?;
    Ok(signed_in(StatusCode::OK, sign_in, &config))
}
