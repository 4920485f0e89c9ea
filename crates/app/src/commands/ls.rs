//! `mediavault ls`

use crate::cli::{Ended, Failure};
use crate::client::{Asset, Connection};
use crate::output::{self, Table};

/// List what is in the vault, newest first
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    listing: Listing,
}

/// How much is listed, and how.
#[derive(Debug, clap::Args)]
pub struct Listing {
    /// List at most this many
    #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 100)]
    limit: usize,
    /// Newest by what
    #[arg(long, default_value = "captured", value_parser = ["captured", "created"])]
    sort: String,
    /// One JSON object a line, with everything that is known
    #[arg(long)]
    json: bool,
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    list(&args.connection, "", &args.listing).await
}

/// Prints the assets that match a query.
pub async fn list(
    connection: &Connection,
    query: &str,
    listing: &Listing,
) -> Result<Ended, Failure> {
    let client = connection.client()?;
    let assets = client.assets(query, &listing.sort, listing.limit).await?;
    if listing.json {
        for asset in &assets {
            output::line(&as_json(asset).to_string())?;
        }
        return Ok(Ended::Done);
    }
    let mut table = Table::new(&["ID", "WHEN", "KIND", "SIZE", "STATUS", "NAME"]);
    for asset in &assets {
        table.row([
            asset.id.clone(),
            asset.when(),
            asset.kind.clone(),
            output::size(asset.size),
            asset.status.clone(),
            asset.file_name.clone(),
        ]);
    }
    if assets.is_empty() {
        eprintln!("Nothing found.");
    } else {
        table.print()?;
    }
    if assets.len() == listing.limit {
        eprintln!("There may be more: --limit shows them.");
    }
    Ok(Ended::Done)
}

fn as_json(asset: &Asset) -> serde_json::Value {
    serde_json::to_value(asset).unwrap_or_default()
}
