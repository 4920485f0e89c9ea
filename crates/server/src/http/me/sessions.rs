//! One's sessions: `/me/sessions`.

pub(crate) mod delete;
pub(crate) mod list;
