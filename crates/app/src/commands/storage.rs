//! `mediavault storage`: where bytes lie, and moving them from one store to another.

mod migrate;
mod prune;
mod restore;
mod status;

use clap::Subcommand;

use crate::cli::{Ended, Failure};
use crate::commands::open;
use crate::config::Flags;
use crate::output;

/// See where bytes lie, move them to another store, and begin stores anew
///
/// These open the data directory: stop the vault first.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say which stores there are, what lies in each, and how far the replica is behind
    Status {
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        flags: Flags,
    },
    /// Move everything to another store: copy, check each copy, then switch
    ///
    /// What was stopped goes on where it was when it is called again. The store moved from stays as it
    /// is until `storage prune`; until then `storage rollback` goes back to it.
    Migrate {
        /// Where to: a folder, or what else store_url takes
        #[arg(long, value_name = "URL")]
        to: String,
        /// Say what would be copied, and write nothing
        #[arg(long)]
        dry_run: bool,
        /// Leave out pictures that can be made again
        #[arg(long)]
        without_derived: bool,
        #[command(flatten)]
        flags: Flags,
    },
    /// Go back to the store that was moved from, with what came in since
    Rollback {
        /// Leave out pictures that can be made again
        #[arg(long)]
        without_derived: bool,
        #[command(flatten)]
        flags: Flags,
    },
    /// Delete what the last move has left in the store that was moved from
    Prune {
        #[command(flatten)]
        flags: Flags,
    },
    /// Begin a primary store anew that has lost everything: its disk is dead and a fresh one in its place
    ///
    /// Brings the keys back from the replica and takes every file for lost. The vault then serves from
    /// the replica and brings the files back while it runs.
    Restore {
        #[command(flatten)]
        flags: Flags,
    },
    /// Take the replica for a new one: its disk is a fresh one, or another
    NewReplica {
        #[command(flatten)]
        flags: Flags,
    },
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    match args.action {
        Action::Status { json, flags } => status::run(&flags, json).await,
        Action::Migrate {
            to,
            dry_run: true,
            flags,
            ..
        } => migrate::plan(&flags, &to).await,
        Action::Migrate {
            to,
            without_derived,
            flags,
            ..
        } => migrate::there(&flags, &to, !without_derived).await,
        Action::Rollback {
            without_derived,
            flags,
        } => migrate::back(&flags, !without_derived).await,
        Action::Prune { flags } => prune::run(&flags).await,
        Action::Restore { flags } => restore::run(&flags).await,
        Action::NewReplica { flags } => new_replica(&flags).await,
    }
}

async fn new_replica(flags: &Flags) -> Result<Ended, Failure> {
    let opened = open(flags).await?;
    let renewed = opened.vault.renew_replica().await;
    opened.close().await;
    let forgotten = renewed.map_err(anyhow::Error::from)?;
    output::line(&format!(
        "Forgotten what the old replica had: {forgotten} copies. The vault fills the new one once it runs."
    ))?;
    Ok(Ended::Done)
}
