//! `mediavault storage migrate` and `rollback`: the same steps in the two directions.

use std::pin::pin;

use futures::{Stream, TryStreamExt as _};
use indicatif::{ProgressBar, ProgressStyle};
use service::relocate::{Direction, Relocation, Step};

use crate::cli::{Ended, Failure};
use crate::commands::open;
use crate::config::{Config, Flags};
use crate::output::{self, size};
use crate::wiring::{Opened, stores};

/// What was done so far.
#[derive(Debug, Default)]
struct Tally {
    copied: u64,
    bytes: u64,
    there: u64,
    failed: u64,
}

/// An address as it is kept: a folder by its whole path.
fn address(to: &str) -> Result<String, Failure> {
    if to == "memory:" {
        return Err(Failure::Usage("memory: forgets everything".to_owned()));
    }
    if to.contains("://") {
        return Ok(to.to_owned());
    }
    Ok(std::path::absolute(to)?.display().to_string())
}

/// Says what would be copied.
pub async fn plan(flags: &Flags, to: &str) -> Result<Ended, Failure> {
    let to = &address(to)?;
    let opened = open(flags).await?;
    let plan = opened.vault.plan_relocation(to).await;
    opened.close().await;
    let plan = plan.map_err(anyhow::Error::from)?;
    output::line(&format!(
        "{} files ({}) would be copied to {to}; {} are there. Pictures that can be made again take {} more.",
        plan.count,
        size(plan.bytes),
        plan.there,
        size(plan.derived_bytes)
    ))?;
    Ok(Ended::Done)
}

/// To another store.
pub async fn there(flags: &Flags, to: &str, derived: bool) -> Result<Ended, Failure> {
    let (config, _) = flags.load()?;
    let to = &address(to)?;
    let opened = open(flags).await?;
    let moved = relocate(&config, &opened, to, Direction::There, derived).await;
    opened.close().await;
    moved
}

/// Back to the one that was moved from.
pub async fn back(flags: &Flags, derived: bool) -> Result<Ended, Failure> {
    let (config, _) = flags.load()?;
    let opened = open(flags).await?;
    let moved = match opened.vault.former_store().await {
        Ok(Some(former)) => relocate(&config, &opened, &former, Direction::Back, derived).await,
        Ok(None) => Err(Failure::Usage(
            "nothing was moved: there is no former store".to_owned(),
        )),
        Err(error) => Err(Failure::Other(error.into())),
    };
    opened.close().await;
    moved
}

async fn relocate(
    config: &Config,
    opened: &Opened,
    to: &str,
    direction: Direction,
    derived: bool,
) -> Result<Ended, Failure> {
    let failed = |error: service::Error| Failure::Other(error.into());
    let configured = config.primary_url();
    let from = opened
        .vault
        .primary_url(&configured)
        .await
        .map_err(failed)?;
    if from == to {
        return Err(Failure::Usage(format!("{to} is where everything lies")));
    }
    let store = stores::open_named(&opened.stores, to).await?;
    if store.name() == opened.vault.store_name() {
        return Err(Failure::Usage(format!("{to} is where everything lies")));
    }
    let moving = opened.vault.relocate(store, to, direction).await;
    let moving = moving.map_err(failed)?;
    let tally = copy(&moving, derived).await?;
    output::line(&tally.words(moving.to()))?;
    if tally.failed > 0 {
        output::line("Nothing was switched. Repair what is named above, then call this again.")?;
        return Ok(Ended::Partly);
    }
    moving.switch(&configured, &from).await.map_err(failed)?;
    output::line(&format!(
        "The vault uses {to} from its next start on. {from} stays as it is: see storage rollback and \
         storage prune."
    ))?;
    if direction == Direction::There {
        output::line(&format!(
            "Set store_url = \"{to}\" when this is to stay; until then the catalog knows."
        ))?;
    }
    Ok(Ended::Done)
}

async fn copy(moving: &Relocation, derived: bool) -> Result<Tally, Failure> {
    let failed = |error: service::Error| Failure::Other(error.into());
    let behind = moving.behind().await.map_err(failed)?;
    // Hidden where standard error is no terminal.
    let bar = ProgressBar::new(behind.bytes).with_style(style());
    let mut tally = Tally::default();
    let blobs = work_off(moving.blobs(), &bar, &mut tally, true).await;
    let pictures = match (&blobs, derived) {
        (Ok(()), true) => work_off(moving.derived(), &bar, &mut tally, false).await,
        _ => Ok(()),
    };
    bar.finish_and_clear();
    blobs.and(pictures)?;
    Ok(tally)
}

/// Counts what is done. Of what can be made again, a failure is none.
async fn work_off(
    steps: impl Stream<Item = service::Result<Step>>,
    bar: &ProgressBar,
    tally: &mut Tally,
    needed: bool,
) -> Result<(), Failure> {
    let mut steps = pin!(steps);
    while let Some(step) = steps.try_next().await.map_err(anyhow::Error::from)? {
        match step {
            Step::Copied(bytes) => {
                tally.copied += 1;
                tally.bytes += bytes;
                bar.inc(bytes);
            }
            Step::There => tally.there += 1,
            Step::Failed { object, reason } => {
                let what = if needed { "failed" } else { "left out" };
                tally.failed += u64::from(needed);
                bar.suspend(|| output::line(&format!("{what}: {object}: {reason}")))?;
            }
        }
    }
    Ok(())
}

impl Tally {
    fn words(&self, to: &str) -> String {
        format!(
            "{} objects copied to {to} ({}), {} were there, {} failed.",
            self.copied,
            size(self.bytes),
            self.there,
            self.failed
        )
    }
}

fn style() -> ProgressStyle {
    let template = "{bar:30} {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
