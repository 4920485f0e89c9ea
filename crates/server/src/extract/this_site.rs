//! Keeps pages of other sites from signing their visitors in here as somebody else.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;

use crate::config::Config;
use crate::frame::refuse_other_sites;
use crate::problem::Problem;

/// Proof that no other site's page sent this, for routes that hand out a cookie.
#[derive(Debug, Clone, Copy)]
pub struct FromThisSite;

impl<S> FromRequestParts<S> for FromThisSite
where
    S: Send + Sync,
    Arc<Config>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        refuse_other_sites(parts, &Arc::<Config>::from_ref(state)).map(|()| Self)
    }
}
