//! `mediavault import archive`

use std::path::PathBuf;

use tokio_util::sync::CancellationToken;

use super::Common;
use crate::cli::{Ended, Failure};
use crate::commands::upload::stop_on_ctrl_c;
use crate::import;

/// Bring in the export of a vault, made by `mediavault export`
///
/// Titles, captions, tags, stars, favourites, capture times, places and collections come along; what
/// lay in the trash, the archive or the locked folder lies there again. What the vault has already
/// is not sent, so running it again goes on where it stopped.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The archive, or the folder it was unpacked to
    #[arg(value_name = "PATH")]
    path: PathBuf,
    #[command(flatten)]
    common: Common,
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    let client = args.common.begin().await?;
    let plan = args.common.plan(true, true);
    let stop = CancellationToken::new();
    let watch = tokio::spawn(stop_on_ctrl_c(stop.clone()));
    let (report, outcome) = import::vault::run(&client, &args.path, &plan, stop.clone()).await;
    watch.abort();
    args.common.end(&report, outcome, &stop)
}
