//! `mediavault import`

mod takeout;

use clap::Subcommand;

use crate::cli::{Ended, Failure};

/// Bring in what another service exported
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    source: Source,
}

#[derive(Debug, Subcommand)]
enum Source {
    Takeout(takeout::Args),
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    match args.source {
        Source::Takeout(args) => takeout::run(args).await,
    }
}
