//! The connection to one running zygote.

use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use outside::{Process, Program};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use crate::wire::{self, Ready, Request};
use crate::{Error, SandboxLevel};

/// Loading every library a decoder may need takes well under a second; a machine that swaps may
/// take longer.
const WARM_UP: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub(super) struct Line {
    control: AsyncFd<OwnedFd>,
    /// `None` when retired.
    process: Mutex<Option<Process>>,
    pub(super) level: SandboxLevel,
    proven: AtomicBool,
}

impl Line {
    /// Starts a zygote and waits until it is ready.
    pub(super) async fn start(exe: PathBuf, args: Vec<OsString>) -> Result<Self, Error> {
        let (ours, theirs) = wire::pair().map_err(Error::machine("making a socket"))?;
        let control = watched(ours).map_err(Error::machine("watching a socket"))?;
        let program = Program {
            name: "sandbox",
            exe,
            args,
            stdin: theirs,
        };
        let process = program
            .start()
            .map_err(|error| Error::Unprotected(error.to_string()))?;
        let ready = control.async_io(Interest::READABLE, |fd| wire::receive::<Ready>(fd.as_fd()));
        let ready = tokio::time::timeout(WARM_UP, ready).await;
        let failed = |why: &str| Err(Error::Unprotected(format!("the zygote {why}")));
        let ready = match ready {
            Err(_) => return failed("did not become ready in time"),
            Ok(Ok(None)) => return failed("ended before it was ready; the log has its words"),
            Ok(Err(error)) => return failed(&format!("cannot be understood: {error}")),
            Ok(Ok(Some((ready, _)))) => ready,
        };
        Ok(Self {
            control,
            process: Mutex::new(Some(process)),
            level: ready.level,
            proven: AtomicBool::new(false),
        })
    }

    /// Asks for a child.
    pub(super) async fn send(
        &self,
        request: &Request,
        descriptors: &[BorrowedFd<'_>],
    ) -> io::Result<()> {
        self.control
            .async_io(Interest::WRITABLE, |fd| {
                wire::send(fd.as_fd(), request, descriptors)
            })
            .await
    }

    /// A child came to its end: this zygote does its work.
    pub(super) fn prove(&self) {
        self.proven.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_proven(&self) -> bool {
        self.proven.load(Ordering::Relaxed)
    }

    /// Kills the zygote, and with it its children; the next job starts another.
    pub(super) fn retire(&self, why: &str) {
        let process = self.locked().take();
        if let Some(process) = process {
            tracing::error!(pid = process.pid(), why, "the sandbox zygote is given up");
        }
    }

    /// Whether it can be given work.
    pub(super) fn is_alive(&self) -> bool {
        self.locked()
            .as_ref()
            .is_some_and(|process| !process.has_ended())
    }

    pub(super) fn pid(&self) -> Option<u32> {
        self.locked().as_ref().map(Process::pid)
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Option<Process>> {
        self.process.lock().unwrap_or_else(|held| held.into_inner())
    }
}

/// A socket end that the runtime waits on.
pub(super) fn watched(socket: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    rustix::io::ioctl_fionbio(&socket, true)?;
    // SAFETY: the descriptor is owned and handed over, so it stays open as long as the `AsyncFd`.
    unsafe { AsyncFd::register(socket) }.map_err(io::Error::from)
}
