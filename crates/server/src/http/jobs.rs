//! `/jobs`: the queue, for whoever looks after it.

pub mod change;
pub mod list;
