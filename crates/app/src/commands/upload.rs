//! `mediavault upload`

use std::path::PathBuf;

use tokio_util::sync::CancellationToken;

use crate::cli::{Ended, Failure};
use crate::client::{Connection, User};
use crate::output;
use crate::upload::{self, Plan, Style};

/// Upload files and folders
///
/// Files are hashed first, and those the vault has already are not sent. Hidden files are left out.
/// Ctrl-C stops; the report then says what is not in the vault. Running it again goes on.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Files sent at the same time
    #[arg(long, short, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
    /// Attempts after the first, for each file
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    retries: u32,
    /// Say what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Name every file, also those that went well
    #[arg(long, short)]
    verbose: bool,
    /// One JSON object a file, and a summary at the end, on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    let client = args.connection.client()?;
    // Before hours are spent on hashing: is there a vault, and does it know us?
    let _: User = client.get("/me", &[]).await?;
    let plan = Plan {
        jobs: usize::from(args.jobs),
        retries: args.retries,
        dry_run: args.dry_run,
        style: if args.json {
            Style::Json
        } else {
            Style::People
        },
        verbose: args.verbose,
    };
    let stop = CancellationToken::new();
    let watch = tokio::spawn(stop_on_ctrl_c(stop.clone()));
    let (report, outcome) = upload::run(&client, &args.paths, &plan, stop.clone()).await;
    let interrupted = watch.is_finished();
    watch.abort();
    if args.json {
        output::line(&report.json().to_string())?;
    } else {
        eprintln!("{}", report.text());
    }
    outcome?;
    Ok(if report.is_clean() && !interrupted {
        Ended::Done
    } else {
        Ended::Partly
    })
}

/// The first Ctrl-C stops with a report; the second one ends at once.
pub(super) async fn stop_on_ctrl_c(stop: CancellationToken) {
    if tokio::signal::ctrl_c().await.is_ok() {
        stop.cancel();
        tokio::spawn(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(130);
            }
        });
    }
}
