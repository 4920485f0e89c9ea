//! `POST /shared/{token}/open`: lets a visitor in.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::SharedBody;
use super::cookie;
use crate::app::App;
use crate::extract::{FromThisSite, Json as JsonIn, Path, Remote};
use crate::problem::Problem;

/// What a visitor gives.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpenShared)]
pub(crate) struct Body {
    /// Where the link has one.
    password: Option<String>,
}

/// Open a link: counts as a visit, and gives a cookie that is good for a day at most.
#[utoipa::path(post, path = "/shared/{token}/open", tag = "shared", params(("token" = String, Path)),
    request_body = Body, responses((status = 200, description = "Let in", body = SharedBody)))]
pub(crate) async fn open(
    State(app): State<App>,
    Path(token): Path<String>,
    Remote(peer): Remote,
    _: FromThisSite,
    headers: HeaderMap,
    JsonIn(body): JsonIn<Body>,
) -> Result<Response, Problem> {
    let pass = cookie::pass(&app, &token, &headers);
    let opened = app
        .vault
        .open_share(&token, pass.as_deref(), body.password, &peer)
        .await?;
    let mut response = Json(SharedBody::from(opened.shown)).into_response();
    if let (Some(pass), Some(mark)) = (opened.pass, app.vault.visitor_mark(&token)) {
        let cookie = cookie::set(&mark, &token, pass, opened.seconds, &app.config);
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
