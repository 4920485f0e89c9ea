//! `mediavault import`

mod archive;
mod takeout;

use std::path::PathBuf;

use clap::Subcommand;
use tokio_util::sync::CancellationToken;

use crate::cli::{Ended, Failure};
use crate::client::{Client, ClientError, Connection, User};
use crate::import::{Format, Plan, Report};
use crate::output;
use crate::upload::Style;

/// Bring in what another service or vault exported
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    source: Source,
}

#[derive(Debug, Subcommand)]
enum Source {
    Takeout(takeout::Args),
    Archive(archive::Args),
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    match args.source {
        Source::Takeout(args) => takeout::run(args).await,
        Source::Archive(args) => archive::run(args).await,
    }
}

/// What all imports take.
#[derive(Debug, clap::Args)]
struct Common {
    /// Say what would be done, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Write what became of every file to FILE (.csv or .json)
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
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

impl Common {
    fn format(&self) -> Result<Option<Format>, Failure> {
        let wrong = || Failure::Usage("--report: the name ends in .csv or .json".to_owned());
        let format = self.report.as_deref().map(Format::of);
        format.map(|format| format.ok_or_else(wrong)).transpose()
    }

    /// Before hours are spent on hashing: is there a vault, and does it know us?
    async fn begin(&self) -> Result<Client, Failure> {
        self.format()?;
        let client = self.connection.client()?;
        let _: User = client.get("/me", &[]).await?;
        Ok(client)
    }

    fn plan(&self, albums: bool, trashed: bool) -> Plan {
        Plan {
            jobs: usize::from(self.jobs),
            retries: self.retries,
            dry_run: self.dry_run,
            style: if self.json {
                Style::Json
            } else {
                Style::People
            },
            verbose: self.verbose,
            albums,
            trashed,
        }
    }

    /// Tells how it ended.
    fn end(
        &self,
        report: &Report,
        outcome: Result<(), ClientError>,
        stop: &CancellationToken,
    ) -> Result<Ended, Failure> {
        if let (Some(path), Some(format)) = (&self.report, self.format()?) {
            report.write(path, format)?;
        }
        if self.json {
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
}
