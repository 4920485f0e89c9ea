//! One file per command: its flags (their comments are the help) and what it does.

pub mod admin;
pub mod completions;
pub mod config;
pub mod doctor;
pub mod export;
pub mod get;
pub mod import;
pub mod login;
pub mod ls;
pub mod openapi;
pub mod search;
pub mod serve;
pub mod storage;
pub mod upload;
pub mod verify;

use crate::cli::Failure;
use crate::config::Flags;
use crate::wiring::{self, Opened};

/// Opens the vault for a command that works on the data directory itself.
async fn open(flags: &Flags) -> Result<Opened, Failure> {
    let (config, _) = flags.load()?;
    wiring::open(&config)
        .await
        .map_err(|error| match error.downcast_ref::<catalog::Error>() {
            Some(catalog::Error::InUse(dir)) => {
                Failure::Unavailable(format!("{} is in use: stop the vault first", dir.display()))
            }
            _ => Failure::Other(error),
        })
}
