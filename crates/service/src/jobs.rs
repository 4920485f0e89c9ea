//! Background work: claims jobs in batches under a lease, keeps the lease while they run, and sees
//! to their end. What a job does is in its own file; that its effects and its end are one
//! transaction is the job's own duty, so a crash between the two cannot happen.

pub mod picture;
pub mod sidecar;
pub mod version;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use catalog::jobs::{self, Claim, Job};
use domain::JobId;
use metrics::{counter, histogram};
use tokio::sync::{Semaphore, watch};
use tokio::task::{AbortHandle, Id, JoinHandle, JoinSet};
use uuid::Uuid;

use crate::Vault;
use crate::error::Error;
use crate::pipeline;

/// Every kind of job this program carries out.
pub(crate) const KINDS: &[&str] = &[picture::KIND, sidecar::KIND];

/// Most jobs claimed at a time.
const BATCH: usize = 8;

/// How often a node looks for jobs that another node enqueued, or whose time has come.
const POLL: Duration = Duration::from_secs(1);

/// Longest wait between two attempts.
const MAX_BACKOFF_MILLIS: i64 = 10 * 60 * 1000;

// With what spreads jobs on top; a lease is an hour at most (`lease_seconds`).
const _: () = assert!(2 * MAX_BACKOFF_MILLIS < catalog::jobs::HORIZON_MILLIS);

/// Longest wait of a job for a store or a database that is down, after which it looks again.
const MAX_POSTPONED_MILLIS: i64 = 60 * 1000;

/// The workers of one node.
pub struct Workers {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Vault {
    /// Starts working off the queue.
    pub fn start_workers(&self) -> Workers {
        let (stop, stopped) = watch::channel(false);
        Workers {
            stop,
            task: tokio::spawn(self.clone().work_off(stopped)),
        }
    }

    async fn work_off(self, mut stopped: watch::Receiver<bool>) {
        // One more than there are decoders: the next input is read while those decode.
        let places = Arc::new(Semaphore::new(self.config().worker_count() + 1));
        let mut batches = JoinSet::new();
        while !*stopped.borrow() {
            while batches.try_join_next().is_some() {}
            let free = tokio::select! {
                permit = Arc::clone(&places).acquire_owned() => permit,
                _ = stopped.changed() => break,
            };
            let Ok(first) = free else { break };
            let mut permits = vec![first];
            while permits.len() < BATCH
                && let Ok(permit) = Arc::clone(&places).try_acquire_owned()
            {
                permits.push(permit);
            }
            let token: Uuid = self.ids().fresh();
            let claimed = self.claim(token, permits.len()).await;
            if claimed.is_empty() {
                drop(permits);
                tokio::select! {
                    () = self.work().notified() => {}
                    () = tokio::time::sleep(POLL) => {}
                    _ = stopped.changed() => break,
                }
                continue;
            }
            permits.truncate(claimed.len());
            batches.spawn(
                Batch {
                    vault: self.clone(),
                    token,
                }
                .run(claimed, permits, stopped.clone()),
            );
        }
        while batches.join_next().await.is_some() {}
    }

    async fn claim(&self, token: Uuid, places: usize) -> Vec<Job> {
        let now = self.clock().now();
        let until = now.plus_millis(i64::from(self.config().lease_seconds) * 1000);
        let limit = u32::try_from(places).unwrap_or(1);
        let claimed = self
            .catalog()
            .write(move |tx| {
                Box::pin(async move { jobs::claim(tx, KINDS, limit, token, now, until).await })
            })
            .await;
        match claimed {
            Ok(Claim { jobs, died }) => {
                for job in died {
                    self.bury(&job, "the worker disappeared again and again")
                        .await;
                }
                jobs
            }
            Err(error) => {
                tracing::warn!(%error, "no jobs could be claimed");
                Vec::new()
            }
        }
    }

    /// Notes in the job's step that it will not be tried again.
    async fn bury(&self, job: &Job, message: &str) {
        tracing::error!(job = %job.id, kind = %job.kind, message, "a job is dead");
        let outcome = match pipeline::step_of(&job.kind) {
            Some(step) => version::give_up(self, job, step.name, message).await,
            None => Ok(()),
        };
        if let Err(error) = outcome {
            tracing::error!(job = %job.id, %error, "the death of a job could not be noted");
        }
    }
}

impl Workers {
    /// Stops claiming, lets what runs come to its end for as long as `drain` says, and gives the
    /// rest back to the queue without counting the attempt.
    pub async fn stop(self) {
        // The receiver lives as long as the task; if it is gone there is nothing to stop.
        let _ = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the workers did not stop cleanly");
        }
    }
}

/// Why a job did not do what it should.
#[derive(Debug)]
pub enum Failure {
    /// The lease was lost: somebody else has the job, or it was cancelled.
    Lost,
    /// Ours, and it may pass: try again.
    Ours(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl From<catalog::Error> for Failure {
    fn from(error: catalog::Error) -> Self {
        Self::Ours(error.into())
    }
}

/// Jobs claimed together, under one lease.
struct Batch {
    vault: Vault,
    token: Uuid,
}

impl Batch {
    async fn run(
        self,
        claimed: Vec<Job>,
        permits: Vec<tokio::sync::OwnedSemaphorePermit>,
        mut stopped: watch::Receiver<bool>,
    ) {
        let mut running = JoinSet::new();
        let mut jobs: HashMap<Id, (Job, AbortHandle)> = HashMap::new();
        for (job, permit) in claimed.into_iter().zip(permits) {
            let (vault, own) = (self.vault.clone(), job.clone());
            let handle = running.spawn(async move {
                let begun = Instant::now();
                let outcome = carry_out(&vault, &own).await;
                measure(&own, &outcome, begun.elapsed());
                drop(permit);
                outcome
            });
            jobs.insert(handle.id(), (job, handle));
        }
        let config = self.vault.config();
        let mut beat = tokio::time::interval(config.lease() / 3);
        beat.tick().await;
        let drain = Duration::from_secs(u64::from(config.drain_seconds));
        let mut deadline = None;
        loop {
            let out_of_time = async {
                match deadline {
                    Some(deadline) => tokio::time::sleep_until(deadline).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                ended = running.join_next_with_id() => {
                    let (id, outcome) = match ended {
                        None => break,
                        Some(Ok((id, outcome))) => (id, outcome),
                        Some(Err(error)) => (error.id(), Err(panicked(&error))),
                    };
                    if let Some((job, _)) = jobs.remove(&id) {
                        self.ended(&job, outcome).await;
                    }
                }
                _ = beat.tick() => self.keep(&jobs).await,
                _ = stopped.changed(), if deadline.is_none() => {
                    deadline = Some(tokio::time::Instant::now() + drain);
                }
                () = out_of_time => {
                    running.abort_all();
                    self.give_back().await;
                    break;
                }
            }
        }
    }

    /// Prolongs the lease, and ends those jobs that are no longer ours: they were cancelled.
    async fn keep(&self, jobs: &HashMap<Id, (Job, AbortHandle)>) {
        let now = self.vault.clock().now();
        let until = now.plus_millis(i64::from(self.vault.config().lease_seconds) * 1000);
        let token = self.token;
        let held = self
            .vault
            .catalog()
            .write(move |tx| Box::pin(async move { jobs::heartbeat(tx, token, until).await }))
            .await;
        match held {
            Ok(held) => {
                for (job, handle) in jobs.values().filter(|(job, _)| !held.contains(&job.id)) {
                    tracing::info!(job = %job.id, "a job was taken away and is stopped");
                    handle.abort();
                }
            }
            Err(error) => tracing::warn!(%error, "a lease could not be prolonged"),
        }
    }

    async fn ended(&self, job: &Job, outcome: Result<(), Failure>) {
        match outcome {
            Ok(()) => {}
            Err(Failure::Lost) => tracing::info!(job = %job.id, "a job ended after its lease"),
            Err(Failure::Ours(error @ Error::Unavailable { .. })) => {
                self.postponed(job, &error).await;
            }
            Err(Failure::Ours(error)) => self.failed(job, &error).await,
        }
    }

    /// What the job needs is down: that is no fault of the job's, and costs it no attempt.
    async fn postponed(&self, job: &Job, error: &Error) {
        tracing::info!(job = %job.id, kind = %job.kind, %error, "a job waits for what it needs");
        let now = self.vault.clock().now();
        let run_at = now.plus_millis(postponed_millis(job, now));
        let (id, token, text) = (job.id, self.token, error.to_string());
        let noted = self
            .vault
            .catalog()
            .write(move |tx| {
                Box::pin(async move { jobs::postpone(tx, id, token, run_at, &text).await })
            })
            .await;
        if let Err(error) = noted {
            tracing::warn!(job = %job.id, %error, "a job could not be put off; its lease will expire");
        }
    }

    async fn failed(&self, job: &Job, error: &Error) {
        tracing::warn!(job = %job.id, kind = %job.kind, attempt = job.attempts, %error, "a job failed");
        let run_at = (job.attempts < job.max_attempts).then(|| {
            self.vault
                .clock()
                .now()
                .plus_millis(backoff_millis(job.id, job.attempts))
        });
        let (id, token, text) = (job.id, self.token, error.to_string());
        let state = self
            .vault
            .catalog()
            .write(move |tx| {
                Box::pin(async move { jobs::fail(tx, id, token, run_at, &text).await })
            })
            .await;
        match state {
            Ok(Some(catalog::jobs::JobState::Dead)) => {
                self.vault.bury(job, "it failed again and again").await
            }
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(job = %job.id, %error, "a failure could not be noted; the lease will expire")
            }
        }
    }

    async fn give_back(&self) {
        let token = self.token;
        let given = self
            .vault
            .catalog()
            .write(move |tx| Box::pin(async move { jobs::release(tx, token).await }))
            .await;
        match given {
            Ok(count) => tracing::info!(count, "unfinished jobs were given back"),
            Err(error) => {
                tracing::warn!(%error, "jobs could not be given back; their lease will expire")
            }
        }
    }
}

fn measure(job: &Job, outcome: &Result<(), Failure>, took: Duration) {
    let ended = match outcome {
        Ok(()) => "done",
        Err(Failure::Lost) => "lost",
        Err(Failure::Ours(_)) => "failed",
    };
    let kind = KINDS.iter().copied().find(|kind| *kind == job.kind);
    let kind = kind.unwrap_or("other");
    counter!("mediavault_jobs_ended_total", "kind" => kind, "outcome" => ended).increment(1);
    histogram!("mediavault_job_duration_seconds", "kind" => kind).record(took);
}

async fn carry_out(vault: &Vault, job: &Job) -> Result<(), Failure> {
    match job.kind.as_str() {
        picture::KIND => picture::run(vault, job).await,
        sidecar::KIND => sidecar::run(vault, job).await,
        other => Err(Error::internal(format!("no job is called {other}")).into()),
    }
}

/// A job that was aborted is nobody's any more; one that panicked has a defect.
fn panicked(error: &tokio::task::JoinError) -> Failure {
    if error.is_cancelled() {
        Failure::Lost
    } else {
        Failure::Ours(Error::internal("the job panicked"))
    }
}

/// As long again as the job has waited, between two seconds and a minute: so looks get rarer.
fn postponed_millis(job: &Job, now: domain::Timestamp) -> i64 {
    let age = now.millis() - job.created_at.millis();
    let base = age.clamp(2000, MAX_POSTPONED_MILLIS);
    base + base * i64::from(job.id.uuid().as_bytes()[15]) / 1024
}

/// Doubles from two seconds up to ten minutes, and spreads jobs that failed together by their ids.
fn backoff_millis(job: JobId, attempt: u32) -> i64 {
    let base = 1000_i64
        .saturating_mul(1 << attempt.min(20))
        .min(MAX_BACKOFF_MILLIS);
    let spread = i64::from(job.uuid().as_bytes()[15]);
    base + base * spread / 1024
}

#[cfg(test)]
mod tests;
