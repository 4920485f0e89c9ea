//! `mediavault completions`

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::cli::{Cli, Ended, Failure};
use crate::output;

/// Print completions for a shell
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which shell
    shell: Shell,
}

pub fn run(args: &Args) -> Result<Ended, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "mediavault", &mut script);
    output::text(&String::from_utf8_lossy(&script))?;
    Ok(Ended::Done)
}
