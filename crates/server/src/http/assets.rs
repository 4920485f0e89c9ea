//! `/assets`: what the vault is about. One file a verb.

pub mod attach;
pub(in crate::http) mod body;
pub mod bulk;
pub mod check;
pub mod content;
pub mod create;
pub mod delete;
mod edit;
pub mod files;
pub(crate) mod form;
pub mod get;
pub mod list;
pub(in crate::http) mod narrow;
pub mod patch;
pub(crate) mod places;
mod reader;
pub mod rendition;
pub mod restore;
pub mod revisions;
pub mod steps;
mod stored;
pub mod url;
pub mod versions;
pub mod xmp;
