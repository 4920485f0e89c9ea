//! The routes: one folder per resource, one file per verb. A handler parses, calls one verb, and
//! responds; what is decided is decided behind it.

pub(crate) mod auth;
pub(crate) mod health;
pub(crate) mod me;
pub(crate) mod system;
