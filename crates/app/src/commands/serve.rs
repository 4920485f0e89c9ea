//! `mediavault serve`

use crate::cli::{Ended, Failure};
use crate::config::Flags;

/// Start the vault: page, API and workers in one process
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    let (config, _) = args.flags.load()?;
    crate::serve::run(config).await?;
    Ok(Ended::Done)
}
