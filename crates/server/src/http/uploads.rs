//! `/uploads`: presigned uploads.

mod body;
pub mod create;
pub mod get;
pub mod put;
