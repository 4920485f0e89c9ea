//! What zygote and children give up, apart from system calls (see `filter`).

use std::io;
use std::os::fd::{AsRawFd, OwnedFd, RawFd};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, LandlockStatus, Ruleset,
    RulesetAttr, RulesetStatus, Scope,
};
use rustix::process::{DumpableBehavior, Pid, Resource, Rlimit, Signal};
use rustix::thread::{CapabilitySet, CapabilitySets};

use crate::{Limits, SandboxLevel};

/// The newest landlock that is asked for: files, TCP, devices, abstract sockets and signals.
const LANDLOCK: ABI = ABI::V6;
/// Descriptors a child may open beyond those it was given; a library that wants a pipe or an
/// anonymous file may still get one.
const SPARE_DESCRIPTORS: u64 = 16;

/// Takes from the zygote, and so from every child, what none of them needs once warmed up:
/// privileges, files, the network, core dumps, being traced. Says how far the kernel went along.
pub(super) fn lock_zygote() -> io::Result<SandboxLevel> {
    // The workshop ends us by closing its end; a signal to the server's whole group, as from a
    // service manager, must not end running jobs before the server has decided to.
    for signal in [libc::SIGTERM, libc::SIGINT, libc::SIGHUP] {
        // SAFETY: ignoring a signal runs no code of ours.
        if unsafe { libc::signal(signal, libc::SIG_IGN) } == libc::SIG_ERR {
            return Err(io::Error::last_os_error());
        }
    }
    set(Resource::Core, 0)?;
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    rustix::thread::set_no_new_privs(true)?;
    let none = CapabilitySets {
        effective: CapabilitySet::empty(),
        permitted: CapabilitySet::empty(),
        inheritable: CapabilitySet::empty(),
    };
    rustix::thread::set_capabilities(None, none)?;
    Ok(SandboxLevel {
        landlock: landlock_everything()?,
        seccomp: super::filter::is_available(),
    })
}

/// A ruleset without rules: nothing is allowed. Returns the version in force, if any.
fn landlock_everything() -> io::Result<Option<u32>> {
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(LANDLOCK))
        .and_then(|ruleset| ruleset.handle_access(AccessNet::from_all(LANDLOCK)))
        .and_then(|ruleset| ruleset.scope(Scope::from_all(LANDLOCK)))
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self)
        .map_err(io::Error::other)?;
    Ok(match (status.ruleset, status.landlock) {
        (RulesetStatus::NotEnforced, _) => None,
        (_, LandlockStatus::Available { effective_abi, .. }) => Some(effective_abi as u32),
        _ => None,
    })
}

/// Ends this child with the zygote, even if it is dead already.
pub(super) fn die_with(zygote: Pid) -> io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    if rustix::process::getppid() != Some(zygote) {
        return Err(io::Error::other("the zygote is dead"));
    }
    Ok(())
}

/// Makes a standard descriptor another name of `fd`.
pub(super) fn put_in_place(fd: &OwnedFd, standard: RawFd) -> io::Result<()> {
    // SAFETY: standard descriptors are owned by nobody, and stay open throughout.
    match unsafe { libc::dup2(fd.as_raw_fd(), standard) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Closes every descriptor but the standard ones and `kept`; returns the highest that is left.
pub(super) fn close_others(kept: &mut [RawFd]) -> io::Result<u64> {
    kept.sort_unstable();
    let mut first = 3;
    for &fd in &*kept {
        let fd = fd.unsigned_abs();
        if first < fd {
            close_range(first, fd - 1)?;
        }
        first = fd + 1;
    }
    close_range(first, u32::MAX)?;
    Ok(u64::from(first - 1))
}

fn close_range(first: u32, last: u32) -> io::Result<()> {
    // SAFETY: the child owns no descriptor outside `kept` that it will use or close again: what the
    // zygote had open is in values the child never drops.
    match unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Has the kernel, when the machine's memory runs out, take a child before the server.
pub(super) fn volunteer_for_the_oom_killer() {
    // proc(5), /proc/pid/oom_score_adj: 1000 is the first to go. Raising it is always allowed.
    if let Err(error) = std::fs::write("/proc/self/oom_score_adj", "1000") {
        eprintln!("children cannot be made the first to go when memory runs out: {error}");
    }
}

/// Sets what one job may spend. `own_memory` is what the child has before it begins, `highest` its
/// highest descriptor.
pub(super) fn limit(limits: &Limits, own_memory: u64, highest: u64) -> io::Result<()> {
    set(Resource::As, own_memory + limits.max_memory)?;
    set(Resource::Fsize, limits.max_output)?;
    set(Resource::Nofile, highest + 1 + SPARE_DESCRIPTORS)?;
    set(Resource::Memlock, 0)?;
    set(Resource::Msgqueue, 0)?;
    // A soft limit of its own, so that the signal says it was the time.
    let seconds = u64::from(limits.max_cpu_seconds);
    let cpu = Rlimit {
        current: Some(seconds),
        maximum: Some(seconds + 1),
    };
    Ok(rustix::process::setrlimit(Resource::Cpu, cpu)?)
}

/// Keeps a child from forking where no filter does: it may have no process, and so no thread, beside
/// it. (The limit counts all of a user's processes, so that no other number would mean anything.)
pub(super) fn forbid_forks() -> io::Result<()> {
    set(Resource::Nproc, 0)
}

fn set(resource: Resource, most: u64) -> io::Result<()> {
    let both = Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    Ok(rustix::process::setrlimit(resource, both)?)
}

#[cfg(test)]
mod tests;
