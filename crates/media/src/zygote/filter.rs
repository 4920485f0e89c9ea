//! The system calls a child may make. What it needs to compute, to use the descriptors it has, and
//! to use threads is allowed. What a library may try and can do without (opening a file, asking for
//! a socket) is refused with EACCES, so that it degrades. Everything else, known or not yet
//! invented, does not exist (ENOSYS), which is what makes the C library fall back: from `clone3`,
//! whose flags a filter cannot see, to `clone`, whose flags it can.
//!
//! Nothing kills: a decoder that asks for too much is wrong or taken over, and in both cases gets
//! nothing; an honest one still brings its picture home.

use std::collections::BTreeMap;
use std::io;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};

/// Allowed whatever the arguments.
const ALLOWED: &[libc::c_long] = &[
    // Descriptors it has.
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_preadv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_pwrite64,
    libc::SYS_pwritev,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_ftruncate,
    libc::SYS_close,
    libc::SYS_close_range,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_pipe2,
    libc::SYS_ppoll,
    // Memory.
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    // Threads, and waiting.
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_set_tid_address,
    libc::SYS_rseq,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_gettid,
    libc::SYS_getcpu,
    libc::SYS_membarrier,
    libc::SYS_nanosleep,
    libc::SYS_clock_nanosleep,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_gettimeofday,
    libc::SYS_restart_syscall,
    // Signals to itself.
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    // What it is and where.
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Allowed where the architecture has them; newer ones have only their successors.
#[cfg(target_arch = "x86_64")]
const ALLOWED_OF_OLD: &[libc::c_long] = &[
    libc::SYS_dup2,
    libc::SYS_pipe,
    libc::SYS_poll,
    libc::SYS_time,
    libc::SYS_getrlimit,
    libc::SYS_arch_prctl,
];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_OF_OLD: &[libc::c_long] = &[];

/// Refused with a word that libraries understand.
const REFUSED: &[libc::c_long] = &[
    libc::SYS_openat,
    libc::SYS_faccessat,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_kill,
    libc::SYS_tkill,
    libc::SYS_ptrace,
    libc::SYS_mount,
    libc::SYS_memfd_create,
];

#[cfg(target_arch = "x86_64")]
const REFUSED_OF_OLD: &[libc::c_long] = &[
    libc::SYS_open,
    libc::SYS_creat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_fork,
    libc::SYS_vfork,
];
#[cfg(not(target_arch = "x86_64"))]
const REFUSED_OF_OLD: &[libc::c_long] = &[];

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Whether this kernel filters.
pub(super) fn is_available() -> bool {
    let action: u32 = libc::SECCOMP_RET_ERRNO;
    // SAFETY: asks about an action, given by a pointer to it; changes nothing. See seccomp(2).
    let answer = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_GET_ACTION_AVAIL,
            0,
            &raw const action,
        )
    };
    answer == 0 && TargetArch::try_from(std::env::consts::ARCH).is_ok()
}

/// Filters the system calls of this process and of all its threads to come.
pub(super) fn apply() -> io::Result<()> {
    // The kernel asks every filter, takes the strictest answer, and of two equal ones that of the
    // newest: so the first says what does not exist, the second what is refused. The first must let
    // the second be installed, and what the second refuses reach it.
    install(
        allowed()?,
        SeccompAction::Errno(libc::ENOSYS as u32),
        SeccompAction::Allow,
    )?;
    install(
        refused()?,
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EACCES as u32),
    )
}

fn install(rules: Rules, otherwise: SeccompAction, matched: SeccompAction) -> io::Result<()> {
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(io::Error::other)?;
    let filter = SeccompFilter::new(rules, otherwise, matched, arch).map_err(io::Error::other)?;
    let program = BpfProgram::try_from(filter).map_err(io::Error::other)?;
    seccompiler::apply_filter(&program).map_err(io::Error::other)
}

fn allowed() -> io::Result<Rules> {
    let everything = [ALLOWED, ALLOWED_OF_OLD, REFUSED, REFUSED_OF_OLD];
    let mut rules = whatever_the_arguments(everything.into_iter().flatten());
    // Installed by the second filter, which refuses it from then on.
    rules.insert(libc::SYS_seccomp, Vec::new());
    let own_pid = u64::from(std::process::id());
    let executable = libc::PROT_EXEC as u64;
    let is = |argument, value| when(argument, SeccompCmpOp::Eq, value);
    let lacks = |argument, bits| when(argument, SeccompCmpOp::MaskedEq(bits), 0);
    let thread = libc::CLONE_THREAD as u64;
    let conditional = [
        // Threads, not processes. Their number is bounded by the memory their stacks take.
        (
            libc::SYS_clone,
            vec![rule(vec![when(
                0,
                SeccompCmpOp::MaskedEq(thread),
                thread,
            )?])?],
        ),
        // No new code.
        (libc::SYS_mmap, vec![rule(vec![lacks(2, executable)?])?]),
        (libc::SYS_mprotect, vec![rule(vec![lacks(2, executable)?])?]),
        // How abort(3) ends its own process.
        (libc::SYS_tgkill, vec![rule(vec![is(0, own_pid)?])?]),
        // fstat(3) of newer C libraries. Without AT_EMPTY_PATH it would look for files by name.
        (
            libc::SYS_newfstatat,
            vec![rule(vec![is(3, libc::AT_EMPTY_PATH as u64)?])?],
        ),
        // Reading limits, not setting them.
        (
            libc::SYS_prlimit64,
            vec![rule(vec![is(0, 0)?, when_pointer(2, 0)?])?],
        ),
        (
            libc::SYS_prctl,
            vec![
                rule(vec![is(0, libc::PR_SET_NAME as u64)?])?,
                rule(vec![is(0, libc::PR_SET_VMA as u64)?])?,
                // How the second filter is installed.
                rule(vec![is(0, libc::PR_SET_NO_NEW_PRIVS as u64)?])?,
            ],
        ),
        // Asking about descriptors, not having signals sent about them.
        (
            libc::SYS_fcntl,
            vec![
                rule(vec![is(1, libc::F_GETFD as u64)?])?,
                rule(vec![is(1, libc::F_SETFD as u64)?])?,
                rule(vec![is(1, libc::F_GETFL as u64)?])?,
                rule(vec![is(1, libc::F_DUPFD_CLOEXEC as u64)?])?,
            ],
        ),
    ];
    rules.extend(conditional);
    Ok(rules)
}

fn refused() -> io::Result<Rules> {
    let mut rules = whatever_the_arguments([REFUSED, REFUSED_OF_OLD].into_iter().flatten());
    rules.insert(libc::SYS_seccomp, Vec::new());
    Ok(rules)
}

fn whatever_the_arguments<'a>(calls: impl Iterator<Item = &'a libc::c_long>) -> Rules {
    calls.map(|call| (*call, Vec::new())).collect()
}

fn rule(conditions: Vec<SeccompCondition>) -> io::Result<SeccompRule> {
    SeccompRule::new(conditions).map_err(io::Error::other)
}

/// A condition on an argument of 32 bits.
fn when(argument: u8, op: SeccompCmpOp, value: u64) -> io::Result<SeccompCondition> {
    let length = SeccompCmpArgLen::Dword;
    SeccompCondition::new(argument, length, op, value).map_err(io::Error::other)
}

/// A condition on an argument of 64 bits.
fn when_pointer(argument: u8, value: u64) -> io::Result<SeccompCondition> {
    let length = SeccompCmpArgLen::Qword;
    SeccompCondition::new(argument, length, SeccompCmpOp::Eq, value).map_err(io::Error::other)
}
