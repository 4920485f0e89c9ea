//! `/jobs`: the queue, for whoever looks after it.

pub mod change;
pub mod list;
pub mod pause;
pub mod resume;
pub mod retry_all;
