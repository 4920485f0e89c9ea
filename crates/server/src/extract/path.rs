//! Parameters in the path. What is not an id cannot name anything, so it is `not_found`.

use axum::extract::{FromRequestParts, Path as AxumPath};
use axum::http::request::Parts;
use domain::Code;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// One parameter, or a tuple of them in the order of the route.
#[derive(Debug, Clone)]
pub struct Path<T>(pub T);

impl<S, T> FromRequestParts<S> for Path<T>
where
    S: Send + Sync,
    T: DeserializeOwned + Send,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        AxumPath::from_request_parts(parts, state)
            .await
            .map(|AxumPath(value)| Self(value))
            .map_err(|_| Problem::new(Code::NotFound))
    }
}
