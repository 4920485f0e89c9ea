//! `mediavault openapi`

use crate::cli::{Ended, Failure};
use crate::output;

/// Print the OpenAPI document of the API
#[derive(Debug, clap::Args)]
pub struct Args {}

pub fn run(_: &Args) -> Result<Ended, Failure> {
    let document =
        serde_json::to_string_pretty(&server::document()).map_err(anyhow::Error::from)?;
    output::line(&document)?;
    Ok(Ended::Done)
}
