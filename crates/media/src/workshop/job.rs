//! One job: the descriptors its child gets, how it ends, and what is collected afterwards.

use std::fs::File;
use std::io::{self, Seek};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::time::Duration;

use rustix::fs::{MemfdFlags, SealFlags};
use rustix::net::Shutdown;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::oneshot;

use super::line::watched;
use crate::outcome::{self, Outcome, refuse};
use crate::wire::{self, Ended};
use crate::{Answer, Input, Problem, ProblemCode, Task, ending};

/// The zygote kills and reaps in a millisecond; after this it is taken for stuck.
const KILLING: Duration = Duration::from_secs(5);
/// Bytes of the longest answer that is read. Facts are a few kilobytes.
const LONGEST_ANSWER: u64 = 1 << 20;
/// Bytes of a child's last words that are logged.
const LAST_WORDS: u64 = 2048;

/// Our side of a job.
#[derive(Debug)]
pub(super) struct Job {
    line: AsyncFd<OwnedFd>,
    /// The zygote's end of the line; ours only until it was sent.
    theirs: Option<OwnedFd>,
    answer: File,
    words: File,
    pictures: Vec<File>,
}

/// How a job came to its end.
#[derive(Debug)]
pub(super) enum End {
    /// The child ended, for better or worse.
    Came(Ended),
    /// Its time was up; whether the zygote confirmed that it was killed.
    TimedOut(bool),
    /// Nobody wants it any more; whether the zygote confirmed that it was killed.
    Cancelled(bool),
    /// The zygote died.
    LineLost,
}

impl Job {
    pub(super) fn new(task: &Task) -> io::Result<Self> {
        if task.renditions.len() > wire::MOST_RENDITIONS {
            return Err(io::Error::other("a task asks for too many renditions"));
        }
        let (ours, theirs) = wire::pair()?;
        let pictures = task
            .renditions
            .iter()
            .map(|wanted| memory_file(&wanted.name));
        Ok(Self {
            line: watched(ours)?,
            theirs: Some(theirs),
            answer: memory_file("answer")?,
            words: memory_file("words")?,
            pictures: pictures.collect::<io::Result<_>>()?,
        })
    }

    /// What the child gets, in the order of the protocol.
    pub(super) fn descriptors<'a>(&'a self, input: &'a Input) -> Vec<BorrowedFd<'a>> {
        let line = self.theirs.as_ref().map(AsFd::as_fd);
        line.into_iter()
            .chain([
                input.file().as_fd(),
                self.answer.as_fd(),
                self.words.as_fd(),
            ])
            .chain(self.pictures.iter().map(AsFd::as_fd))
            .collect()
    }

    /// The zygote has its end of the line. Ours of it must go, or we would not see theirs close.
    pub(super) fn sent(&mut self) {
        self.theirs = None;
    }

    /// Waits for the child's end, and brings it about after `wall` or when `dropped` comes.
    pub(super) async fn end(&self, wall: Duration, dropped: &mut oneshot::Receiver<()>) -> End {
        tokio::select! {
            ended = self.ended() => ended.map_or(End::LineLost, End::Came),
            () = tokio::time::sleep(wall) => End::TimedOut(self.kill().await),
            _ = dropped => End::Cancelled(self.kill().await),
        }
    }

    /// What the zygote says; `None` when it died without a word.
    async fn ended(&self) -> Option<Ended> {
        let said = self
            .line
            .async_io(Interest::READABLE, |fd| wire::receive::<Ended>(fd.as_fd()));
        match said.await {
            Ok(said) => said.map(|(ended, _)| ended),
            Err(error) => {
                tracing::error!(%error, "a job's line cannot be read");
                None
            }
        }
    }

    /// Has the child killed; whether it is gone for certain.
    async fn kill(&self) -> bool {
        if let Err(error) = rustix::net::shutdown(self.line.get_ref(), Shutdown::Write) {
            tracing::error!(%error, "a job's line cannot be closed");
        }
        let gone = tokio::time::timeout(KILLING, self.ended()).await;
        matches!(gone, Ok(Some(_)))
    }

    /// Reads what the child left behind.
    pub(super) fn collect(self, ended: Ended, task: &Task) -> Result<Outcome, Problem> {
        let words = self.last_words();
        if let Some(problem) = ending::problem(ended, &words, &task.limits) {
            tracing::warn!(media_type = %task.media_type, ?ended, words, "a decoder failed");
            return Err(problem);
        }
        if !words.is_empty() {
            tracing::debug!(media_type = %task.media_type, words, "a decoder spoke");
        }
        let answer = self.read_answer().map_err(|why| {
            tracing::warn!(media_type = %task.media_type, why, "a decoder's answer is refused");
            refuse(ProblemCode::Crashed, why)
        })?;
        match answer {
            Answer::Refused(problem) => Err(outcome::clean_problem(problem)),
            Answer::Done(report) => {
                let mut pictures = self.pictures;
                for picture in &mut pictures {
                    seal(picture).map_err(|error| {
                        tracing::error!(%error, "a picture is still being written to");
                        refuse(
                            ProblemCode::Crashed,
                            "the decoder did not let go of its output",
                        )
                    })?;
                }
                outcome::check(task, report, pictures).inspect_err(|problem| {
                    let why = &problem.message;
                    tracing::warn!(media_type = %task.media_type, why, "a report is refused");
                })
            }
        }
    }

    fn read_answer(&self) -> Result<Answer, &'static str> {
        let unreadable = "the decoder's answer cannot be read";
        let size = self.answer.metadata().map_err(|_| unreadable)?.len();
        if size == 0 {
            return Err("the decoder ended without an answer");
        }
        if size > LONGEST_ANSWER {
            return Err("the decoder's answer is too long");
        }
        let mut bytes = vec![0; size as usize];
        self.answer
            .read_exact_at(&mut bytes, 0)
            .map_err(|_| unreadable)?;
        postcard::from_bytes(&bytes).map_err(|_| "the decoder's answer makes no sense")
    }

    /// The end of what the child wrote to standard error, on one line.
    fn last_words(&self) -> String {
        let size = self.words.metadata().map_or(0, |meta| meta.len());
        let mut bytes = vec![0; size.min(LAST_WORDS) as usize];
        let from = size.saturating_sub(LAST_WORDS);
        if self.words.read_exact_at(&mut bytes, from).is_err() {
            return String::new();
        }
        let text = String::from_utf8_lossy(&bytes);
        let words: Vec<_> = text.split(|c: char| c.is_control() || c == ' ').collect();
        words.join(" ").trim().to_owned()
    }
}

fn memory_file(name: &str) -> io::Result<File> {
    let fd = rustix::fs::memfd_create(name, MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
    Ok(File::from(fd))
}

/// Ends all writing to it, which the kernel refuses while anybody has it mapped for writing, and
/// goes back to its start.
fn seal(picture: &mut File) -> io::Result<()> {
    let seals = SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
    rustix::fs::fcntl_add_seals(&*picture, seals)?;
    picture.rewind()
}
