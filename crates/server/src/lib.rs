//! HTTP without logic: every handler parses a request, calls one verb, and responds.
//!
//! [`router`] is the whole interface of the product over HTTP, [`serve`] puts it on a listener.
//! [`routes::table`] lists every route with who may call it.

mod app;
mod config;
pub mod extract;
mod frame;
#[cfg(test)]
mod fuzz;
mod http;
mod limits;
mod openapi;
mod problem;
pub mod respond;
pub mod routes;
mod serve;
mod web;

pub use app::{App, Scrape};
pub use config::{Config, InvalidSetting};
pub use limits::{ParseRuleError, Rule};
pub use openapi::document;
pub use problem::Problem;
pub use routes::router;
pub use serve::serve;
