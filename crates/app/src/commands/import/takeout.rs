//! `mediavault import takeout`

use std::path::PathBuf;

use tokio_util::sync::CancellationToken;

use super::Common;
use crate::cli::{Ended, Failure};
use crate::commands::upload::stop_on_ctrl_c;
use crate::import;

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
    /// Make no collections of albums
    #[arg(long)]
    no_albums: bool,
    /// Bring in what lay in the trash, into the trash
    #[arg(long)]
    trashed: bool,
    #[command(flatten)]
    common: Common,
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    let client = args.common.begin().await?;
    let plan = args.common.plan(!args.no_albums, args.trashed);
    let stop = CancellationToken::new();
    let watch = tokio::spawn(stop_on_ctrl_c(stop.clone()));
    let (report, outcome) = import::takeout::run(&client, &args.paths, &plan, stop.clone()).await;
    watch.abort();
    args.common.end(&report, outcome, &stop)
}
