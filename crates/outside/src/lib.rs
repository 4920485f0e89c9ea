//! The only door to other processes. A program started here gets an empty environment, a process
//! group of its own, its words carried line by line into our log, and is killed with its handle.

mod lines;
mod process;

pub use process::{Error, Process, Program};
