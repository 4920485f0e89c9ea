//! `/system/integrity` and `/system/verify`: whether every copy is what it ought to be.

mod body;
pub(crate) mod findings;
pub(crate) mod repair;
pub(crate) mod show;
pub(crate) mod verify;
