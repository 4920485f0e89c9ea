//! One's own account: `/me/…`.

pub(crate) mod keys;
pub(crate) mod password;
pub(crate) mod sessions;
pub(crate) mod show;
pub(crate) mod update;
pub(crate) mod usage;
