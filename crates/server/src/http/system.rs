//! The installation itself: `/system/…`.

pub(crate) mod integrity;
pub(crate) mod recovery_key_saved;
pub(crate) mod recovery_key_status;
pub(crate) mod settings;
pub(crate) mod storage;
