//! The other side of the workshop: a process with one thread that has loaded what is expensive,
//! locks itself in, and forks a child for each job, so that a job costs a fork and not a start.
//!
//! It never decodes anything itself. It ends when the workshop's end of its standard input closes,
//! that is, when the server ends, however that happens; its children end with it.

mod child;
mod confine;
mod filter;
mod nursery;

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::process::ExitCode;

use rustix::event::{PollFd, PollFlags};
use rustix::net::SocketType;

use crate::wire::{self, Ready, Request};
use crate::{Answer, Task};
use nursery::Nursery;

/// Does a job: reads the input, writes the renditions asked for to the outputs, in order, and says
/// what came of it. Runs in a process of its own that may die at any point.
pub type Understand = fn(task: &Task, input: &[u8], outputs: &mut [File]) -> Answer;

/// Serves the workshop that started this process until it goes away. Must be called before the
/// process has made a second thread, since only one survives a fork.
///
/// `warm_up` loads what children will need and cannot open any more once they are locked in:
/// shared libraries, fonts, tables. It must leave no thread behind.
pub fn serve(warm_up: fn(), understand: Understand) -> ExitCode {
    match try_to_serve(warm_up, understand) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Standard error is the server's log.
            eprintln!("the sandbox zygote ends: {error}");
            ExitCode::FAILURE
        }
    }
}

fn try_to_serve(warm_up: fn(), understand: Understand) -> io::Result<()> {
    let control = take_control()?;
    warm_up();
    if std::fs::read_dir("/proc/self/task")?.count() != 1 {
        return Err(io::Error::other(
            "it has more than one thread and cannot fork",
        ));
    }
    let own_memory = address_space()?;
    confine::volunteer_for_the_oom_killer();
    let level = confine::lock_zygote()?;
    wire::send(control.as_fd(), &Ready { level }, &[])?;

    let mut nursery = Nursery::new(understand, own_memory, level.seccomp);
    loop {
        if wait(&control, &nursery)? {
            match wire::receive::<Request>(control.as_fd())? {
                Some((request, descriptors)) => nursery.fork(request, descriptors),
                None => return Ok(()),
            }
        }
        nursery.look_after();
    }
}

/// Sleeps until there is a request, a child's end or a job that is let go; whether there is a
/// request, or the end of requests.
fn wait(control: &OwnedFd, nursery: &Nursery) -> io::Result<bool> {
    let mut watched = vec![PollFd::new(control, PollFlags::IN)];
    nursery.watch(&mut watched);
    match rustix::event::poll(&mut watched, None) {
        Ok(_) => Ok(!watched[0].revents().is_empty()),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Takes the control socket from standard input, and leaves nothing there for children to read.
fn take_control() -> io::Result<OwnedFd> {
    let stdin = io::stdin();
    if rustix::net::sockopt::socket_type(&stdin).ok() != Some(SocketType::SEQPACKET) {
        return Err(io::Error::other(
            "this command is started by `mediavault serve`, not by hand",
        ));
    }
    let control = rustix::io::fcntl_dupfd_cloexec(&stdin, 3)?;
    confine::put_in_place(&File::open("/dev/null")?.into(), libc::STDIN_FILENO)?;
    Ok(control)
}

/// Bytes of address space this process has, which every child starts with.
fn address_space() -> io::Result<u64> {
    // proc(5), /proc/pid/statm: the first field is the size in pages.
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages = statm.split(' ').next().and_then(|n| n.parse::<u64>().ok());
    let pages = pages.ok_or_else(|| io::Error::other("/proc/self/statm makes no sense"))?;
    Ok(pages * rustix::param::page_size() as u64)
}
