//! Takes everything a person owns out of a vault, into a folder.
//!
//! [`folder`] fetches and goes on where it stopped, [`show`] tells of it.

mod folder;
mod show;

pub use folder::{Plan, Summary, run};
pub use show::Show;
