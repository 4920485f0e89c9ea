//! One's own account: `/me/…`.

pub(crate) mod keys;
pub(crate) mod sessions;
pub(crate) mod show;
