//! Stays, and uploads what appears or changes.
//!
//! The system tells of changes as they happen ([`notify`]); where it cannot, as on network shares, the
//! folders are looked through again and again. A file is sent once it has stopped growing, together with
//! what belongs to it ([`settling`]). While the vault cannot be reached, files wait; nothing is forgotten.

mod settling;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use notify::{Config, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use self::settling::{Settling, Stamp};
use super::{Plan, Report};
use crate::client::{Backoff, Client, ClientError};

/// How often files that may still grow are looked at.
const GLANCE: Duration = Duration::from_millis(500);

/// How soon what came after a round is tried again.
const LATER: Duration = Duration::from_secs(3);

/// Events that wait to be heard; when there are more, everything is looked through again.
const QUEUE: usize = 4096;

/// How changes are noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// The system tells.
    Told,
    /// The folders are looked through at this interval.
    Polled(Duration),
}

/// What came of all rounds.
#[derive(Debug, Default)]
pub struct Totals {
    /// Files sent.
    pub uploaded: usize,
    /// Files the vault had.
    pub duplicate: usize,
    /// Files that could not be sent.
    pub failed: usize,
}

impl Totals {
    fn add(&mut self, report: &Report) {
        self.uploaded += report.count("uploaded");
        self.duplicate += report.count("duplicate");
        self.failed += report.count("failed");
    }
}

/// What the watcher says.
enum Heard {
    Changed(PathBuf),
    /// Something was missed: look through everything.
    Missed,
}

/// Watches `paths` until `stop`, uploading first what is there. `done` is told of each round, and again
/// a little later as long as it says that it could not do its part.
///
/// # Errors
/// The vault denies us; a folder cannot be watched. That the vault cannot be reached is no error.
pub async fn run<F>(
    client: &Client,
    paths: &[PathBuf],
    plan: &Plan,
    notice: Notice,
    stop: CancellationToken,
    mut done: F,
) -> Result<Totals, ClientError>
where
    F: AsyncFnMut(&Report) -> bool,
{
    let (sender, mut heard) = mpsc::channel(QUEUE);
    // Before the first look, so that nothing falls between the two.
    let _watcher = watcher(paths, notice, sender)?;
    let mut totals = Totals::default();
    let mut settling = Settling::default();
    settling.look_through(paths, now());
    let mut glance = tokio::time::interval(GLANCE);
    let mut outage = Outage::default();
    let mut again: Option<Instant> = None;
    while !stop.is_cancelled() {
        tokio::select! {
            () = stop.cancelled() => break,
            said = heard.recv() => match said {
                Some(Heard::Changed(path)) => settling.touched(path, paths, now()),
                Some(Heard::Missed) => settling.look_through(paths, now()),
                None => break,
            },
            _ = glance.tick() => {
                if outage.lasts(now()) {
                    continue;
                }
                let ready = settling.ready(now(), stamp);
                if ready.is_empty() && again.is_none_or(|again| now() < again) {
                    continue;
                }
                let (report, outcome) = super::run(client, &ready, plan, stop.child_token()).await;
                match outcome {
                    Ok(()) => outage.over(),
                    Err(error) if error.is_passing() => {
                        outage.goes_on(&error, now());
                        settling.again(ready, now());
                    }
                    Err(error) => return Err(error),
                }
                totals.add(&report);
                let whole = done(&report).await;
                again = if whole { None } else { now().checked_add(LATER) };
            }
        }
    }
    Ok(totals)
}

/// When the vault is tried again after it could not be reached.
#[derive(Default)]
struct Outage {
    backoff: Option<Backoff>,
    until: Option<Instant>,
}

impl Outage {
    fn lasts(&self, now: Instant) -> bool {
        self.until.is_some_and(|until| now < until)
    }

    fn goes_on(&mut self, error: &ClientError, now: Instant) {
        if self.backoff.is_none() {
            eprintln!("{error}. Files wait and are sent when the vault is back.");
        }
        let backoff = self.backoff.get_or_insert_with(|| Backoff::new(u32::MAX));
        self.until = backoff
            .next(error.retry_after())
            .and_then(|wait| now.checked_add(wait));
    }

    fn over(&mut self) {
        if self.backoff.take().is_some() {
            eprintln!("The vault is back.");
        }
        self.until = None;
    }
}

fn watcher(
    paths: &[PathBuf],
    notice: Notice,
    sender: mpsc::Sender<Heard>,
) -> Result<Box<dyn Watcher + Send>, ClientError> {
    let tell = move |said: notify::Result<notify::Event>| {
        let heard = match said {
            Ok(event) if event.need_rescan() => vec![Heard::Missed],
            Ok(event) if matches!(event.kind, EventKind::Access(_) | EventKind::Remove(_)) => {
                Vec::new()
            }
            Ok(event) => event.paths.into_iter().map(Heard::Changed).collect(),
            Err(error) => {
                tracing::warn!(%error, "a change may have been missed");
                vec![Heard::Missed]
            }
        };
        for one in heard {
            // Waits when the queue is full: the system's own queue then says that something was missed.
            if sender.blocking_send(one).is_err() {
                return;
            }
        }
    };
    let usage = |error: notify::Error| {
        ClientError::Usage(format!(
            "{error}; with --poll SECONDS folders are looked through instead"
        ))
    };
    let mut watcher: Box<dyn Watcher + Send> = match notice {
        Notice::Told => Box::new(RecommendedWatcher::new(tell, Config::default()).map_err(usage)?),
        Notice::Polled(interval) => {
            let config = Config::default().with_poll_interval(interval);
            Box::new(PollWatcher::new(tell, config).map_err(usage)?)
        }
    };
    for path in paths {
        watcher
            .watch(path, RecursiveMode::Recursive)
            .map_err(usage)?;
    }
    Ok(watcher)
}

/// What a file is just now; `None`: it is gone, or no file.
fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(path).ok()?;
    metadata.is_file().then(|| Stamp {
        size: metadata.len(),
        modified: metadata.modified().ok(),
    })
}

/// Here the time comes from; what is decided by it takes it as an argument.
fn now() -> Instant {
    Instant::now()
}
