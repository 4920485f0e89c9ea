//! The cookie that carries a browser's session.

use axum::http::HeaderValue;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::config::Config;

/// Its name.
pub(crate) const NAME: &str = "mv_session";

/// The header that gives a browser its session. Scripts cannot read it, other sites cannot make a
/// browser change anything with it, and over TLS it is never sent without.
pub(crate) fn set(secret: String, max_age: i64, config: &Config) -> HeaderValue {
    write(base(secret, config), max_age)
}

/// The header that takes it away.
pub(crate) fn clear(config: &Config) -> HeaderValue {
    write(base(String::new(), config), 0)
}

fn base(value: String, config: &Config) -> Cookie<'static> {
    Cookie::build((NAME, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(config.is_https())
        .build()
}

fn write(cookie: Cookie<'_>, max_age: i64) -> HeaderValue {
    // Every part is ASCII of ours; without the header a browser is merely not signed in.
    HeaderValue::from_str(&format!("{cookie}; Max-Age={max_age}"))
        .unwrap_or(HeaderValue::from_static(""))
}
