//! `/collections`: albums and saved searches, what lies in them, and to whom they are open.

pub(crate) mod assets;
mod body;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod members;
pub(crate) mod patch;

pub(crate) use body::PersonBody;
