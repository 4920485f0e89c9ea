//! `mediavault storage prune`

use crate::cli::{Ended, Failure};
use crate::commands::open;
use crate::config::Flags;
use crate::output;
use crate::wiring::{Opened, stores};

pub async fn run(flags: &Flags) -> Result<Ended, Failure> {
    let opened = open(flags).await?;
    let pruned = prune(&opened).await;
    opened.close().await;
    let (url, objects) = pruned?;
    output::line(&format!("{objects} objects deleted in {url}."))?;
    Ok(Ended::Done)
}

async fn prune(opened: &Opened) -> Result<(String, u64), Failure> {
    let vault = &opened.vault;
    let former = vault.former_store().await.map_err(anyhow::Error::from)?;
    let url = former
        .ok_or_else(|| Failure::Usage("nothing was moved: there is no former store".to_owned()))?;
    let store = stores::open_named(&opened.stores, &url).await?;
    let objects = vault
        .empty_former(store)
        .await
        .map_err(anyhow::Error::from)?;
    Ok((url, objects))
}
