//! The accounts of a tenant, for whoever manages them: `/users/…`.

mod body;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod patch;
pub(crate) mod reset_password;
