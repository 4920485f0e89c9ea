//! `/archives`: many originals in one file.

pub mod create;
