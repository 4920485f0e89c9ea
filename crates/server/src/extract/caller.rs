//! Who is asking.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use domain::Code;
use identity::{Caller, Identity};

use crate::config::Config;
use crate::frame::authenticate;
use crate::problem::Problem;

/// The caller, who must have a good credential.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Caller);

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    Identity: FromRef<S>,
    Arc<Config>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        authenticate(&FromRef::from_ref(state), &Arc::from_ref(state), parts)
            .await?
            .map(Self)
            .ok_or(Problem::new(Code::Unauthenticated))
    }
}

/// The caller, or nobody: a missing credential and one that is no longer good are the same here.
#[derive(Debug, Clone)]
pub struct MaybeSignedIn(pub Option<Caller>);

impl<S> FromRequestParts<S> for MaybeSignedIn
where
    S: Send + Sync,
    Identity: FromRef<S>,
    Arc<Config>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match authenticate(&FromRef::from_ref(state), &Arc::from_ref(state), parts).await {
            Ok(caller) => Ok(Self(caller)),
            Err(problem) if problem.code() == Code::Unauthenticated => Ok(Self(None)),
            Err(problem) => Err(problem),
        }
    }
}
