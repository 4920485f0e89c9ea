//! How the workshop and the zygote speak: postcard messages, with descriptors beside them, over
//! sockets that keep message borders (`SOCK_SEQPACKET`).
//!
//! One control socket, the zygote's standard input, carries [`Ready`] once and then a [`Request`]
//! for each job. Each job has a line of its own besides: the zygote says [`Ended`] on it, and
//! closing either end is understood. When the workshop lets go, the child is killed; when the
//! zygote does, the child is dead. So no job needs a number, and nothing is left over when either
//! side dies.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, OwnedFd};

use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags,
    SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketFlags, SocketType,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{SandboxLevel, Task};

/// Renditions one task may ask for.
pub(crate) const MOST_RENDITIONS: usize = 8;
/// Descriptors beside a request, before those of the renditions: line, input, answer, words.
pub(crate) const FIXED_DESCRIPTORS: usize = 4;
const MOST_DESCRIPTORS: usize = FIXED_DESCRIPTORS + MOST_RENDITIONS;
/// Bytes of the longest message. A task is some hundred bytes.
const LONGEST: usize = 16 << 10;

/// Exit codes of a child that could not get as far as an answer.
pub(crate) mod exit {
    /// `understand` panicked. The code Rust itself uses.
    pub(crate) const PANICKED: i32 = 101;
    /// The child could not be locked in, or not read its input; nothing was decoded.
    pub(crate) const NOT_BEGUN: i32 = 102;
    /// The answer could not be written.
    pub(crate) const NOT_ANSWERED: i32 = 103;
}

/// The zygote has warmed up, locked itself in, and waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ready {
    pub(crate) level: SandboxLevel,
}

/// Fork a child for this.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) task: Task,
    pub(crate) input_size: u64,
}

/// How a child ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ended {
    pub(crate) how: How,
    /// CPU time it took, in milliseconds.
    pub(crate) cpu_ms: u64,
    /// The most memory it held, in KiB.
    pub(crate) peak_kib: u64,
}

/// The way a child went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum How {
    /// By its own will, with this code.
    Exited(i32),
    /// By this signal.
    Signalled(i32),
    /// It was never there; the error number says why.
    NotForked(i32),
}

/// Two connected ends, closed on exec.
pub(crate) fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(rustix::net::socketpair(
        AddressFamily::UNIX,
        SocketType::SEQPACKET,
        SocketFlags::CLOEXEC,
        None,
    )?)
}

/// Sends one message with descriptors beside it. On a socket that does not block, fails with
/// `WouldBlock` when the peer is behind.
pub(crate) fn send<T: Serialize>(
    socket: BorrowedFd<'_>,
    message: &T,
    descriptors: &[BorrowedFd<'_>],
) -> io::Result<()> {
    let bytes = postcard::to_stdvec(message).map_err(io::Error::other)?;
    if bytes.len() > LONGEST || descriptors.len() > MOST_DESCRIPTORS {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
    let mut beside = SendAncillaryBuffer::new(&mut space);
    if !descriptors.is_empty() {
        let fits = beside.push(SendAncillaryMessage::ScmRights(descriptors));
        debug_assert!(fits, "the space is that of the most descriptors");
    }
    rustix::net::sendmsg(
        socket,
        &[IoSlice::new(&bytes)],
        &mut beside,
        SendFlags::NOSIGNAL,
    )?;
    Ok(())
}

/// Receives one message and its descriptors; `None` when the peer has closed its end.
pub(crate) fn receive<T: DeserializeOwned>(
    socket: BorrowedFd<'_>,
) -> io::Result<Option<(T, Vec<OwnedFd>)>> {
    let mut bytes = vec![0; LONGEST];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
    let mut beside = RecvAncillaryBuffer::new(&mut space);
    let received = rustix::net::recvmsg(
        socket,
        &mut [IoSliceMut::new(&mut bytes)],
        &mut beside,
        RecvFlags::CMSG_CLOEXEC,
    )?;
    if received.bytes == 0 {
        return Ok(None);
    }
    if received
        .flags
        .intersects(ReturnFlags::TRUNC | ReturnFlags::CTRUNC)
    {
        return Err(io::Error::other("a message was cut off"));
    }
    let mut descriptors = Vec::new();
    for message in beside.drain() {
        if let RecvAncillaryMessage::ScmRights(received) = message {
            descriptors.extend(received);
        }
    }
    let message = postcard::from_bytes(&bytes[..received.bytes]).map_err(io::Error::other)?;
    Ok(Some((message, descriptors)))
}

#[cfg(test)]
mod tests;
