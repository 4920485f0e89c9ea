//! The workshop against real processes that misbehave in every way we know: each costs its own job
//! and nothing else.

mod bench;
mod deaths;
mod decoders;
mod lockup;
mod villain;
