//! The cookie in which a browser keeps the pass of a link it was let in by. It is sent to that link's
//! routes alone.

use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::app::App;
use crate::config::Config;
use crate::routes::PREFIX;

fn name(mark: &str) -> String {
    format!("mv_share_{mark}")
}

/// The pass a request carries for this link.
pub(super) fn pass(app: &App, token: &str, headers: &HeaderMap) -> Option<String> {
    let mark = app.vault.visitor_mark(token)?;
    let jar = CookieJar::from_headers(headers);
    jar.get(&name(&mark))
        .map(|cookie| cookie.value().to_owned())
}

/// The header that gives a browser its pass.
pub(super) fn set(
    mark: &str,
    token: &str,
    pass: String,
    seconds: i64,
    config: &Config,
) -> HeaderValue {
    let cookie = Cookie::build((name(mark), pass))
        .path(format!("{PREFIX}/shared/{token}"))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.is_https())
        .build();
    // Every part is ASCII of ours; without the header a browser is merely not let in.
    HeaderValue::from_str(&format!("{cookie}; Max-Age={seconds}"))
        .unwrap_or(HeaderValue::from_static(""))
}
