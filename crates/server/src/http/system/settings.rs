//! `/system/settings`: what an operator may change while the vault runs.

mod body;
pub(crate) mod patch;
pub(crate) mod show;
