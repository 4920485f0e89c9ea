//! The workshop against real processes that misbehave in every way we know: each costs its own job
//! and nothing else.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

mod bench;
mod deaths;
mod decoders;
mod lockup;
mod villain;
