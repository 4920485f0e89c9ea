//! What every request passes through, whatever its route: identification, logging, headers,
//! limits, and the one shape of errors.

mod access;
mod body;
mod compression;
mod cross_site;
mod headers;
mod measure;
mod panic;
mod problems;
pub(crate) mod rate;
mod request;
mod shape;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::middleware::{from_fn, from_fn_with_state};
use domain::{Clock, Entropy};
use identity::Identity;

use crate::config::Config;

use rate::Limits;

pub use access::Access;
pub(crate) use access::{authenticate, bearer, guard};
pub(crate) use body::Patience;
pub(crate) use cross_site::refuse_other_sites;

/// What the frame needs of the program.
#[derive(Clone)]
pub(crate) struct Frame {
    pub(crate) identity: Identity,
    pub(crate) config: Arc<Config>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    limits: Arc<Limits>,
}

impl Frame {
    pub(crate) fn of<S>(state: &S) -> Self
    where
        Identity: FromRef<S>,
        Arc<Config>: FromRef<S>,
        Arc<dyn Clock>: FromRef<S>,
        Arc<dyn Entropy>: FromRef<S>,
    {
        let config = Arc::<Config>::from_ref(state);
        Self {
            identity: FromRef::from_ref(state),
            limits: Arc::new(Limits::new(&config)),
            config,
            clock: FromRef::from_ref(state),
            entropy: FromRef::from_ref(state),
        }
    }

    /// Puts the frame around all routes. Layers added later see the request earlier.
    pub(crate) fn wrap(self, router: Router) -> Router {
        router
            .layer(DefaultBodyLimit::max(self.config.max_json_bytes))
            .layer(from_fn_with_state(self.config.patience(), body::watch))
            .layer(compression::layer())
            .layer(panic::layer())
            .layer(from_fn_with_state(self.clone(), rate::limit))
            .layer(from_fn_with_state(Arc::clone(&self.config), shape::check))
            .layer(from_fn(problems::write_out))
            .layer(from_fn_with_state(
                Arc::clone(&self.config),
                headers::secure,
            ))
            .layer(from_fn_with_state(self, request::identify))
    }
}
