//! `mediavault admin`

use crate::cli::{Ended, Failure};
use crate::config::Flags;

/// Rescue a vault whose people are locked out
#[derive(Debug, clap::Args)]
pub struct Args {
    /// One JSON object a finding, and a summary at the end
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    let _ = args.flags.load()?;
    Err(Failure::Unavailable(format!(
        "not built in yet (json: {})",
        args.json
    )))
}
