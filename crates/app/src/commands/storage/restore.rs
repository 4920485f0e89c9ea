//! `mediavault storage restore`

use crate::cli::{Ended, Failure};
use crate::config::Flags;
use crate::output::{self, counted};
use crate::wiring;

pub async fn run(flags: &Flags) -> Result<Ended, Failure> {
    let (config, _) = flags.load()?;
    let (store, lost) = wiring::restore_ring(&config).await?;
    output::line(&format!(
        "{store} has its keys again. Start the vault: it serves {} from the replica and brings them back \
         while it runs.",
        counted(usize::try_from(lost).unwrap_or(usize::MAX), "file")
    ))?;
    Ok(Ended::Done)
}
