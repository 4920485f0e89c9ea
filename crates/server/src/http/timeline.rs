//! `/timeline`: the library by the time things were taken. One file a verb.

pub mod buckets;
pub mod tiles;
