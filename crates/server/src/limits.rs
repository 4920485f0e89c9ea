//! How much one client may ask for: a rate for what is quickly answered, a number at a time for
//! what takes long. Both are kept in bounded memory on this node and forgotten at a restart.

mod crowd;
mod meter;
mod rule;

#[cfg(test)]
mod tests;

pub(crate) use crowd::{Crowd, Place};
pub(crate) use meter::{Meter, Reading};
pub use rule::{ParseRuleError, Rule};
