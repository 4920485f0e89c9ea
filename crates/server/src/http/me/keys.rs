//! One's API keys: `/me/keys`.

mod body;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
