//! `/uploads/tus`: uploads that may break off and go on, by the tus protocol, version 1.0
//! (<https://tus.io/protocols/resumable-upload>). What is decided is decided in `service::resumable`.

mod body;
pub mod create;
pub mod delete;
pub mod discover;
mod headers;
pub mod list;
pub mod method;
pub mod patch;
pub mod show;
pub mod version;
