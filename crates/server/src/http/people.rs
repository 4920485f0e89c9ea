//! People one can share with.

pub(crate) mod search;
