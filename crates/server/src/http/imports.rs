//! `/imports`: what another service exported.

pub mod plan;
