//! The installation itself: `/system/…`.

pub(crate) mod recovery_key_saved;
pub(crate) mod recovery_key_status;
