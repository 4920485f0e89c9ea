//! The only door to the world beside database and stores. A program started here gets an empty
//! environment, a process group of its own, its words carried line by line into our log, and is
//! killed with its handle. A [`breaker`] keeps callers from waiting for a service that is down.

pub mod breaker;
mod lines;
mod process;

pub use process::{Error, Process, Program};
