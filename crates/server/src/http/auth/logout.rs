//! `POST /auth/logout`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use identity::Identity;

use super::cookie;
use crate::config::Config;
use crate::extract::{MaybeSignedIn, Remote};
use crate::problem::Problem;

/// Sign out: end the session of this request and take its cookie away. Who is not signed in is
/// signed out already.
#[utoipa::path(post, path = "/auth/logout", tag = "accounts",
    responses((status = 204, description = "Signed out")))]
pub(crate) async fn logout(
    State(identity): State<Identity>,
    State(config): State<Arc<Config>>,
    Remote(peer): Remote,
    MaybeSignedIn(caller): MaybeSignedIn,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1]), Problem> {
    if let Some(caller) = caller {
        identity.logout(&caller, &peer).await?;
    }
    let cleared = [(header::SET_COOKIE, cookie::clear(&config))];
    Ok((StatusCode::NO_CONTENT, cleared))
}
