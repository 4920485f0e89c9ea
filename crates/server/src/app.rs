//! The collaborators every handler may use, joined once when the program starts.

use std::sync::Arc;

use axum::extract::FromRef;
use domain::{Clock, Entropy};
use identity::Identity;
use service::Vault;

use crate::config::Config;

/// What the handlers work with. Cheap to clone. A handler or layer that needs one part takes that
/// part (`State<Identity>`), so its signature says what it can do.
#[derive(Clone, FromRef)]
pub struct App {
    /// The product's verbs.
    pub vault: Vault,
    /// Accounts, sessions, keys.
    pub identity: Identity,
    /// Settings of the HTTP side.
    pub config: Arc<Config>,
    /// The time of day, for request ids.
    pub clock: Arc<dyn Clock>,
    /// Randomness, for request ids.
    pub entropy: Arc<dyn Entropy>,
    /// Figures for Prometheus.
    pub figures: Scrape,
}

/// Writes down what was counted so far, in Prometheus' text format.
#[derive(Clone)]
pub struct Scrape(pub Arc<dyn Fn() -> String + Send + Sync>);
