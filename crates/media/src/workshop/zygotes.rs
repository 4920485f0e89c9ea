//! Keeps one zygote to fork from. One that died is replaced when the next job needs it, at once the
//! first time and ever more slowly while replacements die without having done anything.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as SyncMutex};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::job::Job;
use super::line::Line;
use super::unavailable;
use crate::config::SandboxPolicy;
use crate::wire::Request;
use crate::{Error, Input, Problem, SandboxLevel, Task};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct Zygotes {
    exe: PathBuf,
    args: Vec<OsString>,
    policy: SandboxPolicy,
    /// Held while a zygote is started, so that only one is.
    history: Mutex<History>,
    current: SyncMutex<Arc<Line>>,
    restarts: AtomicU64,
}

#[derive(Debug)]
struct History {
    last_start: Instant,
    /// Starts in a row that led to nothing.
    in_vain: u32,
}

impl Zygotes {
    pub(super) async fn start(
        exe: PathBuf,
        args: Vec<OsString>,
        policy: SandboxPolicy,
    ) -> Result<Self, Error> {
        let line = Line::start(exe.clone(), args.clone()).await?;
        judge(line.level, policy)?;
        Ok(Self {
            exe,
            args,
            policy,
            history: Mutex::new(History {
                last_start: Instant::now(),
                in_vain: 0,
            }),
            current: SyncMutex::new(Arc::new(line)),
            restarts: AtomicU64::new(0),
        })
    }

    /// Gives the job to the zygote, starting another when it has died.
    pub(super) async fn put_to_work(
        &self,
        job: &mut Job,
        task: &Task,
        input: &Input,
    ) -> Result<Arc<Line>, Problem> {
        let request = Request {
            task: task.clone(),
            input_size: input.size(),
        };
        let line = self.line().await?;
        if send(&line, &request, job, input).await.is_ok() {
            job.sent();
            return Ok(line);
        }
        // It died since the last job. Nothing was begun, so this one can go to the next zygote.
        line.retire("it takes no more jobs");
        let line = self.line().await?;
        match send(&line, &request, job, input).await {
            Ok(()) => {
                job.sent();
                Ok(line)
            }
            Err(error) => {
                line.retire("it takes no jobs");
                tracing::error!(%error, "a new sandbox zygote takes no jobs");
                Err(unavailable("the decoder could not be run"))
            }
        }
    }

    /// A zygote that is alive as far as we know.
    async fn line(&self) -> Result<Arc<Line>, Problem> {
        let mut history = self.history.lock().await;
        let current = self.current();
        if current.is_alive() {
            return Ok(current);
        }
        if current.is_proven() {
            history.in_vain = 0;
        }
        tokio::time::sleep_until(history.last_start + pause(history.in_vain)).await;
        history.in_vain += 1;
        history.last_start = Instant::now();
        self.restarts.fetch_add(1, Ordering::Relaxed);
        let started = Line::start(self.exe.clone(), self.args.clone()).await;
        let line = started.and_then(|line| judge(line.level, self.policy).map(|()| line));
        match line {
            Ok(line) => {
                tracing::info!(pid = line.pid(), "the sandbox zygote was started again");
                let line = Arc::new(line);
                *self.locked() = Arc::clone(&line);
                Ok(line)
            }
            Err(error) => {
                tracing::error!(%error, in_vain = history.in_vain, "no sandbox zygote");
                Err(unavailable("the decoder could not be started"))
            }
        }
    }

    pub(super) fn level(&self) -> SandboxLevel {
        self.current().level
    }

    pub(super) fn is_ready(&self) -> bool {
        self.current().is_alive()
    }

    pub(super) fn restarts(&self) -> u64 {
        self.restarts.load(Ordering::Relaxed)
    }

    pub(super) fn pid(&self) -> Option<u32> {
        self.current().pid()
    }

    fn current(&self) -> Arc<Line> {
        Arc::clone(&self.locked())
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Arc<Line>> {
        self.current.lock().unwrap_or_else(|held| held.into_inner())
    }
}

async fn send(line: &Line, request: &Request, job: &Job, input: &Input) -> io::Result<()> {
    line.send(request, &job.descriptors(input)).await
}

/// Refuses or laments a sandbox with something missing.
fn judge(level: SandboxLevel, policy: SandboxPolicy) -> Result<(), Error> {
    match policy {
        _ if level.is_full() => Ok(()),
        SandboxPolicy::Require => Err(Error::Unprotected(format!(
            "this kernel offers {level}, and the configuration requires both landlock and seccomp"
        ))),
        SandboxPolicy::BestEffort => {
            tracing::warn!(
                %level,
                "DECODERS ARE NOT FULLY LOCKED IN: a hostile file could reach further than its job"
            );
            Ok(())
        }
    }
}

/// How long after the last start the next may follow.
fn pause(in_vain: u32) -> Duration {
    match in_vain {
        0 => Duration::ZERO,
        n => FIRST_PAUSE
            .saturating_mul(1 << (n - 1).min(10))
            .min(LONGEST_PAUSE),
    }
}

#[cfg(test)]
mod tests;
