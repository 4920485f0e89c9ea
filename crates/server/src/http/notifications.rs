//! `/notifications`: messages to the caller.

pub(crate) mod list;
pub(crate) mod read;
