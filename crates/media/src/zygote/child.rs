//! The life of one child: lock the door, do the job, answer, end.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use rustix::mm::{MapFlags, ProtFlags};
use rustix::process::Pid;

use super::{Understand, confine, filter};
use crate::wire::{Request, exit};

/// What a child is born with.
pub(super) struct Cradle {
    pub(super) understand: Understand,
    pub(super) request: Request,
    /// Bytes of address space the zygote has already.
    pub(super) own_memory: u64,
    /// Whether to filter system calls.
    pub(super) filters: bool,
    pub(super) input: OwnedFd,
    pub(super) answer: OwnedFd,
    /// Becomes standard error.
    pub(super) words: Option<OwnedFd>,
    pub(super) outputs: Vec<OwnedFd>,
}

/// All of a child's life. Ends by `_exit`, so that nothing of the zygote's is run twice.
pub(super) fn live(mut cradle: Cradle, zygote: Pid) -> ! {
    let code = match prepare(&mut cradle, zygote) {
        Ok(input) => work(cradle, input),
        Err(error) => {
            eprintln!("a child cannot be locked in: {error}");
            exit::NOT_BEGUN
        }
    };
    // SAFETY: ends this process; nothing of it is used afterwards.
    unsafe { libc::_exit(code) }
}

/// Locks the child in, and maps its input. The order matters: the filter comes last, as it forbids
/// what the steps before it do.
fn prepare(cradle: &mut Cradle, zygote: Pid) -> io::Result<&'static [u8]> {
    if let Some(words) = cradle.words.take() {
        confine::put_in_place(&words, libc::STDERR_FILENO)?;
    }
    confine::die_with(zygote)?;
    rustix::process::setsid()?;
    let mut kept: Vec<RawFd> = vec![cradle.input.as_raw_fd(), cradle.answer.as_raw_fd()];
    kept.extend(cradle.outputs.iter().map(AsRawFd::as_raw_fd));
    let highest = confine::close_others(&mut kept)?;
    let input = map(&cradle.input, cradle.request.input_size)?;
    let own_memory = cradle.own_memory + cradle.request.input_size;
    confine::limit(&cradle.request.task.limits, own_memory, highest)?;
    if cradle.filters {
        filter::apply()?;
    } else {
        confine::forbid_forks()?;
    }
    Ok(input)
}

/// Does the job; the code to exit with.
fn work(cradle: Cradle, input: &[u8]) -> i32 {
    let task = cradle.request.task;
    let mut outputs: Vec<File> = cradle.outputs.into_iter().map(File::from).collect();
    let understood = catch_unwind(AssertUnwindSafe(|| {
        (cradle.understand)(&task, input, &mut outputs)
    }));
    let Ok(answer) = understood else {
        return exit::PANICKED;
    };
    let written = postcard::to_stdvec(&answer)
        .map_err(io::Error::other)
        .and_then(|bytes| File::from(cradle.answer).write_all(&bytes));
    match written {
        Ok(()) => 0,
        Err(error) => {
            eprintln!("the answer cannot be written: {error}");
            exit::NOT_ANSWERED
        }
    }
}

/// The input as memory. It is sealed, so it neither changes nor shrinks underneath.
fn map(input: &OwnedFd, size: u64) -> io::Result<&'static [u8]> {
    let size = usize::try_from(size).map_err(io::Error::other)?;
    if size == 0 {
        return Ok(&[]);
    }
    // SAFETY: a new private mapping, which is never unmapped: it lives as long as this process.
    // Nobody writes to the file (see `input`), and its size is what was announced, so that all of
    // the mapping is backed.
    unsafe {
        let start = rustix::mm::mmap(
            ptr::null_mut(),
            size,
            ProtFlags::READ,
            MapFlags::PRIVATE,
            input,
            0,
        )?;
        Ok(std::slice::from_raw_parts(start.cast::<u8>(), size))
    }
}
