//! Pauses of the queue, which hold on all nodes.

use serde_json::json;

use crate::cli::{Ended, Failure};
use crate::commands::open;
use crate::config::Flags;
use crate::output;

pub async fn pause(
    flags: &Flags,
    as_json: bool,
    kind: Option<&str>,
    seconds: u32,
) -> Result<Ended, Failure> {
    let opened = open(flags).await?;
    let paused = opened.vault.pause_jobs_here(kind, seconds).await;
    opened.close().await;
    let pause = paused.map_err(anyhow::Error::from)?;
    if as_json {
        let told = json!({ "kind": pause.kind, "until": pause.until });
        output::line(&told.to_string())?;
    } else {
        let what = pause.kind.as_deref().unwrap_or("all kinds");
        eprintln!("No job of {what} begins before {}.", pause.until);
    }
    Ok(Ended::Done)
}

pub async fn resume(flags: &Flags, kind: Option<&str>) -> Result<Ended, Failure> {
    let opened = open(flags).await?;
    let resumed = opened.vault.resume_jobs_here(kind).await;
    opened.close().await;
    resumed.map_err(anyhow::Error::from)?;
    Ok(Ended::Done)
}
