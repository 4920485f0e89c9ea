//! Starts the vault and keeps it running until it is asked to stop.

use crate::config::Config;

/// Serves until SIGTERM or Ctrl-C.
pub async fn run(config: Config) -> anyhow::Result<()> {
    anyhow::bail!(
        "this build cannot serve yet (asked to listen on {})",
        config.listen
    )
}
