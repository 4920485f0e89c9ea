//! The zygote's children: forked, watched, killed when they are let go, buried with a word about
//! how they died.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::process::{Pid, PidfdFlags, Signal};

use super::Understand;
use super::child::{self, Cradle};
use crate::wire::{self, Ended, FIXED_DESCRIPTORS, How, Request};

pub(super) struct Nursery {
    understand: Understand,
    own_memory: u64,
    filters: bool,
    children: Vec<Child>,
}

struct Child {
    pid: Pid,
    /// Readable when it has died.
    pidfd: OwnedFd,
    /// The job's line; closed by the workshop to have the child killed.
    line: OwnedFd,
    /// Killed already: its line says nothing more, and only its death is waited for.
    killed: bool,
}

impl Nursery {
    pub(super) fn new(understand: Understand, own_memory: u64, filters: bool) -> Self {
        Self {
            understand,
            own_memory,
            filters,
            children: Vec::new(),
        }
    }

    /// Forks a child for a request. What goes wrong is said on the job's line.
    pub(super) fn fork(&mut self, request: Request, mut descriptors: Vec<OwnedFd>) {
        let wanted = FIXED_DESCRIPTORS + request.task.renditions.len();
        if descriptors.len() != wanted {
            eprintln!("{} descriptors came instead of {wanted}", descriptors.len());
            return;
        }
        let outputs = descriptors.split_off(FIXED_DESCRIPTORS);
        let Ok([line, input, answer, words]) =
            <[OwnedFd; FIXED_DESCRIPTORS]>::try_from(descriptors)
        else {
            unreachable!("the number was checked above");
        };
        let cradle = Cradle {
            understand: self.understand,
            request,
            own_memory: self.own_memory,
            filters: self.filters,
            input,
            answer,
            words: Some(words),
            outputs,
        };
        match bear(cradle) {
            Ok((pid, pidfd)) => self.children.push(Child {
                pid,
                pidfd,
                line,
                killed: false,
            }),
            Err(error) => tell(
                &line,
                Ended {
                    how: How::NotForked(error.raw_os_error().unwrap_or_default()),
                    cpu_ms: 0,
                    peak_kib: 0,
                },
            ),
        }
    }

    /// Adds what to wait for: deaths, and lines that are let go.
    pub(super) fn watch<'a>(&'a self, watched: &mut Vec<PollFd<'a>>) {
        for child in &self.children {
            watched.push(child.death());
            if !child.killed {
                watched.push(child.letting_go());
            }
        }
    }

    /// Kills the children whose line was let go, buries the dead.
    pub(super) fn look_after(&mut self) {
        self.children.retain_mut(|child| {
            if has_come(child.death()) {
                child.bury();
                return false;
            }
            if !child.killed && has_come(child.letting_go()) {
                child.kill();
                child.killed = true;
            }
            true
        });
    }
}

/// Whether an event that may be waited for is there.
fn has_come(event: PollFd<'_>) -> bool {
    // An interrupted look is made again: what has come wakes the next wait at once.
    let now = Timespec::default();
    rustix::event::poll(&mut [event], Some(&now)).is_ok_and(|come| come == 1)
}

impl Child {
    fn death(&self) -> PollFd<'_> {
        PollFd::new(&self.pidfd, PollFlags::IN)
    }

    fn letting_go(&self) -> PollFd<'_> {
        PollFd::new(&self.line, PollFlags::IN | PollFlags::RDHUP)
    }

    /// Kills it and whatever it may have started: it leads a group of its own.
    fn kill(&self) {
        for result in [
            rustix::process::kill_process_group(self.pid, Signal::KILL),
            rustix::process::kill_process(self.pid, Signal::KILL),
        ] {
            match result {
                // The group is not there before the child has made it; then the second kills.
                Ok(()) | Err(rustix::io::Errno::SRCH) => {}
                Err(error) => eprintln!("a child cannot be killed: {error}"),
            }
        }
    }

    fn bury(&self) {
        // Until it is waited for, the dead child keeps its number, and with it its group's.
        self.kill();
        match wait_for(self.pid) {
            Ok(ended) => tell(&self.line, ended),
            Err(error) => eprintln!("a child cannot be waited for: {error}"),
        }
    }
}

/// The fork itself.
fn bear(cradle: Cradle) -> io::Result<(Pid, OwnedFd)> {
    let zygote = rustix::process::getpid();
    // SAFETY: this process has a single thread, so the child is a whole copy and may go on as usual.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => child::live(cradle, zygote),
        pid => {
            let pid = Pid::from_raw(pid).expect("fork returns a process id");
            match rustix::process::pidfd_open(pid, PidfdFlags::empty()) {
                Ok(pidfd) => Ok((pid, pidfd)),
                Err(error) => {
                    rustix::process::kill_process(pid, Signal::KILL)?;
                    wait_for(pid)?;
                    Err(error.into())
                }
            }
        }
    }
}

/// Takes a dead child's status and what it used.
fn wait_for(pid: Pid) -> io::Result<Ended> {
    let mut status = 0;
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: both pointers are to memory of the right type, and all-zero is a valid `rusage`.
    let waited = unsafe {
        libc::wait4(
            pid.as_raw_nonzero().get(),
            &mut status,
            0,
            usage.as_mut_ptr(),
        )
    };
    if waited < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: zeroed above and filled by the kernel.
    let usage = unsafe { usage.assume_init() };
    let how = if libc::WIFSIGNALED(status) {
        How::Signalled(libc::WTERMSIG(status))
    } else {
        How::Exited(libc::WEXITSTATUS(status))
    };
    let millis = |time: libc::timeval| {
        time.tv_sec.unsigned_abs() * 1000 + time.tv_usec.unsigned_abs() / 1000
    };
    Ok(Ended {
        how,
        cpu_ms: millis(usage.ru_utime) + millis(usage.ru_stime),
        peak_kib: usage.ru_maxrss.unsigned_abs(),
    })
}

/// Says on a job's line how it ended. Nobody may be listening any more.
fn tell(line: &OwnedFd, ended: Ended) {
    match wire::send(line.as_fd(), &ended, &[]) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => eprintln!("a child's end cannot be told: {error}"),
    }
}
