//! `mediavault import takeout`

use std::path::PathBuf;

use tokio_util::sync::CancellationToken;

use crate::cli::{Ended, Failure};
use crate::client::{Connection, User};
use crate::commands::upload::stop_on_ctrl_c;
use crate::import::{self, Format, Plan};
use crate::output;
use crate::upload::Style;

/// Bring in a Google Takeout of Google Photos
///
/// Reads the ZIP archives as they are, all parts of an export together and in any order; name a
/// folder to take all archives in it, or an unpacked `Takeout` folder. Captions, capture times,
/// places, favourites and the archive come along, albums become collections, Live Photos stay
/// whole. What the vault has already is not sent, so running it again goes on where it stopped.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// All parts of the export
    #[arg(required = true, value_name = "ZIP")]
    paths: Vec<PathBuf>,
    /// Say what would be done, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Write what became of every file to FILE (.csv or .json)
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Make no collections of albums
    #[arg(long)]
    no_albums: bool,
    /// Bring in what lay in the trash, into the trash
    #[arg(long)]
    trashed: bool,
    /// Files sent at the same time
    #[arg(long, short, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
    /// Attempts after the first, for each file
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    retries: u32,
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
    let format = match &args.report {
        Some(path) => Some(Format::of(path).ok_or_else(|| {
            Failure::Usage("--report: the name ends in .csv or .json".to_owned())
        })?),
        None => None,
    };
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
        albums: !args.no_albums,
        trashed: args.trashed,
    };
    let stop = CancellationToken::new();
    let watch = tokio::spawn(stop_on_ctrl_c(stop.clone()));
    let (report, outcome) = import::takeout::run(&client, &args.paths, &plan, stop.clone()).await;
    watch.abort();
    if let (Some(path), Some(format)) = (&args.report, format) {
        report.write(path, format)?;
    }
    if args.json {
        let summary = serde_json::json!({"summary": report.summary()});
        output::line(&summary.to_string())?;
    } else {
        eprintln!("{}", report.text());
    }
    outcome?;
    Ok(if report.is_clean() && !stop.is_cancelled() {
        Ended::Done
    } else {
        Ended::Partly
    })
}
