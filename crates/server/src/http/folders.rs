//! `/folders`: folders of the machine whose files are shown where they lie.

mod body;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod files;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod scan;
