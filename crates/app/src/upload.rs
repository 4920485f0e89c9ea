//! Brings files and folders into a vault, in three stages joined by short queues: files are hashed,
//! the vault is asked which of the bytes it has, the others are sent. Every file ends as exactly one
//! line of the report.

mod check;
mod hash;
mod pair;
mod report;
mod resumable;
mod send;
mod show;
mod walk;
pub mod watch;

#[cfg(test)]
mod tests;

pub use report::{Fate, Report};
pub use show::{FileBar, Show, Style};

use std::path::{Path, PathBuf};

use domain::Sha256;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::client::{Client, ClientError};

/// Files that wait between two stages.
const QUEUE: usize = 1024;

/// How a run goes about it.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Files sent at the same time.
    pub jobs: usize,
    /// Attempts after the first, for each file.
    pub retries: u32,
    /// Say what would be sent, and send nothing.
    pub dry_run: bool,
    /// How progress is shown.
    pub style: Style,
    /// Name files that went well, too.
    pub verbose: bool,
}

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    path: PathBuf,
    size: u64,
    beside: Vec<Beside>,
}

/// A file that goes with another one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Beside {
    /// What it is to it, in the API's word.
    role: &'static str,
    path: PathBuf,
    size: u64,
}

/// A file whose bytes are known.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Hashed {
    path: PathBuf,
    size: u64,
    sha256: Sha256,
    beside: Vec<Beside>,
    /// The asset that has these bytes already.
    known: Option<String>,
}

/// What a stage says of a file: its fate, or that all must end.
enum Word {
    Fate(PathBuf, Fate),
    /// No file can be sent any more: the vault denies us, or is gone.
    Over(ClientError),
}

/// The files below a folder, hidden ones left out.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let walked = walk::walk(&[folder.to_owned()]);
    walked.found.into_iter().map(|found| found.path).collect()
}

/// Uploads everything below `paths`. `stop` ends it early: what is on its way is given up, and the
/// report says what was not sent.
///
/// # Errors
/// The vault cannot be reached or denies us; what happened until then is in the report beside it.
pub async fn run(
    client: &Client,
    paths: &[PathBuf],
    plan: &Plan,
    stop: CancellationToken,
) -> (Report, Result<(), ClientError>) {
    let mut walked = walk::walk(paths);
    let (found, joined) = pair::pair(std::mem::take(&mut walked.found));
    walked.found = found;
    let total = walked.found.iter().map(|found| found.size).sum();
    let show = Show::new(plan.style, plan.verbose, walked.found.len(), total);
    let mut report = Report::default();
    for (path, reason) in walked.skipped {
        show.fate(&path, &Fate::Skipped(reason.clone()));
        report.add(path, Fate::Skipped(reason));
    }
    for (path, of) in joined {
        let fate = Fate::Joined(format!("goes with {}", of.display()));
        show.fate(&path, &fate);
        report.add(path, fate);
    }
    for (path, reason) in walked.failed {
        show.fate(
            &path,
            &Fate::Failed {
                reason: reason.clone(),
            },
        );
        report.add(path, Fate::Failed { reason });
    }

    let mut waiting: std::collections::HashSet<PathBuf> = walked
        .found
        .iter()
        .map(|found| found.path.clone())
        .collect();
    let (words, mut heard) = mpsc::channel(QUEUE);
    let (to_check, checks) = mpsc::channel(QUEUE);
    let (to_send, sends) = mpsc::channel(QUEUE);
    let hashing = tokio::spawn(hash::stage(
        walked.found,
        plan.jobs,
        to_check,
        words.clone(),
        stop.clone(),
    ));
    let checking = tokio::spawn(check::stage(
        client.clone(),
        plan.retries,
        checks,
        to_send,
        words.clone(),
        stop.clone(),
    ));
    let sending = tokio::spawn(send::stage(
        client.clone(),
        plan.clone(),
        sends,
        show.clone(),
        words,
        stop.clone(),
    ));

    let mut outcome = Ok(());
    while let Some(word) = heard.recv().await {
        match word {
            Word::Fate(path, fate) => {
                show.fate(&path, &fate);
                waiting.remove(&path);
                report.add(path, fate);
            }
            Word::Over(error) => {
                stop.cancel();
                if outcome.is_ok() {
                    outcome = Err(error);
                }
            }
        }
    }
    for stage in [hashing, checking, sending] {
        if let Err(error) = stage.await {
            tracing::error!(%error, "a stage of the upload failed");
        }
    }
    let mut left: Vec<PathBuf> = waiting.into_iter().collect();
    left.sort();
    for path in left {
        let fate = Fate::Skipped("not sent: the upload was stopped before".to_owned());
        show.fate(&path, &fate);
        report.add(path, fate);
    }
    show.finish();
    (report, outcome)
}
