//! Where children are put to work: admits jobs while there is memory for them, keeps one zygote
//! alive to fork children from, gives each job its descriptors, its time and its end, and believes
//! nothing a child says before checking it.

mod admission;
mod job;
mod line;
mod zygotes;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{Semaphore, oneshot};

pub use admission::Seat;

use crate::outcome::{Outcome, refuse};
use crate::{Config, Error, Input, Problem, ProblemCode, SandboxLevel, Task};
use admission::Admission;
use job::{End, Job};
use zygotes::Zygotes;

/// Bytes of memory below which nothing can be decoded, whatever was estimated.
const LEAST_MEMORY: u64 = 64 << 20;

/// A handle on the workshop; clones share it. When the last one is gone, so are the children.
#[derive(Debug, Clone)]
pub struct Workshop {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: Config,
    admission: Admission,
    places: Arc<Semaphore>,
    zygotes: Zygotes,
}

/// What the workshop is doing, for health checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkshopState {
    /// What holds the children.
    pub level: SandboxLevel,
    /// Whether a zygote stands ready. When not, the next job starts one.
    pub ready: bool,
    /// Children at work.
    pub running: usize,
    /// Children at most.
    pub max_running: usize,
    /// Jobs waiting for memory.
    pub waiting: usize,
    /// Bytes admitted.
    pub memory_taken: u64,
    /// Bytes that can be admitted.
    pub memory_budget: u64,
    /// Times a zygote had to be started again.
    pub restarts: u64,
}

impl Workshop {
    /// Starts the zygote, `exe` with `args` (the server gives `/proc/self/exe` and `sandbox`), and
    /// waits until it is ready. Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// [`Error::Configure`] for a setting out of range, [`Error::Unprotected`] when the machine
    /// cannot hold children as `config.sandbox` requires, or the zygote does not come up.
    pub async fn start(config: Config, exe: PathBuf, args: Vec<OsString>) -> Result<Self, Error> {
        config.validate().map_err(Error::Configure)?;
        let zygotes = Zygotes::start(exe, args, config.sandbox).await?;
        Ok(Self {
            shared: Arc::new(Shared {
                admission: Admission::new(config.memory_budget(), config.max_waiting),
                places: Arc::new(Semaphore::new(config.max_children())),
                config,
                zygotes,
            }),
        })
    }

    /// Waits, first come first served, until `cost` bytes of the memory budget are free; see
    /// [`estimate`](crate::steps::estimate). Take the seat before filling a
    /// [`Spool`](crate::Spool)'s input, so that waiting jobs hold no memory. A cost beyond the whole
    /// budget is taken as the whole budget: such a job runs alone.
    ///
    /// # Errors
    /// [`ProblemCode::Unavailable`] when too many wait already.
    pub async fn admit(&self, cost: u64) -> Result<Seat, Problem> {
        self.shared.admission.admit(cost).await
    }

    /// Runs `task` on `input` in a child of its own, which gets the memory its seat stands for and
    /// no more. Should it fail with less than `task` allows, it is tried once more with all of that,
    /// on a seat to match: so an estimate may be low, and the budget still holds.
    ///
    /// Dropping the future kills the child; the seat is given back when the child is gone, not
    /// before.
    ///
    /// # Errors
    /// The reason in an owner's words. Only [`ProblemCode::Unavailable`] is worth another try.
    pub async fn run(&self, seat: Seat, task: Task, input: Input) -> Result<Outcome, Problem> {
        let (alive, dropped) = oneshot::channel();
        let shared = Arc::clone(&self.shared);
        // A task of its own, so that the end of a child is awaited even if we are not.
        let work = tokio::spawn(async move { shared.work(seat, &task, &input, dropped).await });
        let result = work.await;
        drop(alive);
        result.unwrap_or_else(|error| {
            tracing::error!(%error, "a job in the workshop failed");
            Err(unavailable("the decoder could not be run"))
        })
    }

    /// What it was started with.
    pub fn config(&self) -> &Config {
        &self.shared.config
    }

    /// What is going on.
    pub fn state(&self) -> WorkshopState {
        let shared = &self.shared;
        let max_running = shared.config.max_children();
        WorkshopState {
            level: shared.zygotes.level(),
            ready: shared.zygotes.is_ready(),
            running: max_running.saturating_sub(shared.places.available_permits()),
            max_running,
            waiting: shared.admission.waiting(),
            memory_taken: shared.admission.taken(),
            memory_budget: shared.admission.budget(),
            restarts: shared.zygotes.restarts(),
        }
    }

    /// Process id of the zygote, for tests that kill it.
    #[doc(hidden)]
    pub fn zygote_pid(&self) -> Option<u32> {
        self.shared.zygotes.pid()
    }
}

impl Shared {
    async fn work(
        &self,
        seat: Seat,
        task: &Task,
        input: &Input,
        mut dropped: oneshot::Receiver<()>,
    ) -> Result<Outcome, Problem> {
        let most = task.limits.max_memory;
        let beside_input = seat.bytes().saturating_sub(input.bytes_in_memory());
        let granted = beside_input.max(LEAST_MEMORY).min(most);
        let mut modest = task.clone();
        modest.limits.max_memory = granted;
        let result = self.attempt(&modest, input, &mut dropped).await;
        if granted == most || !may_have_lacked_memory(task, &result) {
            return result;
        }
        tracing::debug!(granted, most, "a job is tried again with all its memory");
        drop(seat);
        let _seat = tokio::select! {
            seat = self.admission.admit(most + input.bytes_in_memory()) => seat?,
            _ = &mut dropped => return Err(unavailable("the job was cancelled")),
        };
        self.attempt(task, input, &mut dropped).await
    }

    async fn attempt(
        &self,
        task: &Task,
        input: &Input,
        dropped: &mut oneshot::Receiver<()>,
    ) -> Result<Outcome, Problem> {
        let _place = tokio::select! {
            place = self.places.acquire() => place.expect("the semaphore is never closed"),
            _ = &mut *dropped => return Err(unavailable("the job was cancelled")),
        };
        let mut job = Job::new(task).map_err(|error| {
            tracing::error!(%error, "a job's descriptors cannot be made");
            unavailable("the machine has run out of memory or descriptors")
        })?;
        let line = self.zygotes.put_to_work(&mut job, task, input).await?;
        match job.end(self.config.max_wall(), dropped).await {
            End::Came(ended) => {
                line.prove();
                job.collect(ended, task)
            }
            End::TimedOut(killed) | End::Cancelled(killed) if !killed => {
                line.retire("it does not kill its children");
                Err(timed_out())
            }
            End::TimedOut(_) => Err(timed_out()),
            End::Cancelled(_) => Err(unavailable("the job was cancelled")),
            End::LineLost => {
                line.retire("it died while children were at work");
                Err(unavailable(
                    "the decoder's keeper died; it will be started again",
                ))
            }
        }
    }
}

/// Whether more memory could have led to another end. Decoders tell a failed allocation in many
/// ways, from an abort to "damaged", so every failure counts but those that are surely others.
fn may_have_lacked_memory(task: &Task, result: &Result<Outcome, Problem>) -> bool {
    let surely_other = |problem: &Problem| {
        matches!(
            problem.code,
            ProblemCode::TimedOut
                | ProblemCode::Unsupported
                | ProblemCode::NoPicture
                | ProblemCode::Unavailable
        )
    };
    match result {
        Ok(outcome) => {
            let drawn = outcome.pictures.len() == task.renditions.len();
            !drawn && !outcome.report.problems.iter().any(surely_other)
        }
        Err(problem) => !surely_other(problem),
    }
}

fn timed_out() -> Problem {
    refuse(ProblemCode::TimedOut, "decoding took longer than allowed")
}

fn unavailable(message: &str) -> Problem {
    refuse(ProblemCode::Unavailable, message)
}
