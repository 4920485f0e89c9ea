//! `mediavault verify`

use crate::cli::{Ended, Failure};
use crate::config::Flags;

/// Read every stored byte again and compare it with what ought to be there
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
