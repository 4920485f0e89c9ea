//! `mediavault search`

use crate::cli::{Ended, Failure};
use crate::client::Connection;
use crate::commands::ls::{self, Listing};

/// Find by words and filters
///
/// For example: mediavault search 'harbour type:image camera:"M1" after:2024-05 is:favourite'
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Words and filters: type: camera: after: before: tag: is:favourite is:trashed
    #[arg(required = true)]
    query: Vec<String>,
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    listing: Listing,
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    ls::list(&args.connection, &args.query.join(" "), &args.listing).await
}
