//! `/events`: what changes, as it changes.

pub mod stream;
