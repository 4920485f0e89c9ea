//! What a library as a whole can be asked and told: its tags, its facets, its trash.

pub mod empty_trash;
pub mod facets;
pub mod tags;
