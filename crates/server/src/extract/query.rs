//! Parameters after the question mark.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

use super::json::describe;
use crate::problem::Problem;

/// The query string as `T`; a parameter that does not fit is named in the problem.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<S, T> FromRequestParts<S> for Query<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        if let Some(name) = not_text(query) {
            return Err(Problem::field(name, "Not UTF-8."));
        }
        let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(query.as_bytes()));
        serde_path_to_error::deserialize(pairs)
            .map(Self)
            .map_err(|error| describe(&error.path().to_string(), &error.inner().to_string()))
    }
}

/// The first parameter that is not UTF-8. The parser would read it as replacement characters, and
/// a search for those is not what anybody asked for.
fn not_text(query: &str) -> Option<String> {
    let pair = query
        .split('&')
        .find(|pair| percent_decode_str(pair).decode_utf8().is_err())?;
    let name = pair.split('=').next().unwrap_or_default();
    Some(percent_decode_str(name).decode_utf8_lossy().into_owned())
}
