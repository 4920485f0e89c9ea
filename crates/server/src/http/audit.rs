//! The audit log: `/audit`.

mod body;
mod csv;
pub(crate) mod list;
pub(crate) mod verification;
