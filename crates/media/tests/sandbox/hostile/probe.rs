//! Tries what a child must not do, and says how each attempt went, as `name=error`.

use std::ffi::CStr;
use std::io;

type Attempt = (&'static str, fn() -> libc::c_long);

const PASSWD: &CStr = c"/etc/passwd";
const SHELL: &CStr = c"/bin/sh";

/// Every attempt and how it went: `ok`, or the error's name.
pub fn attempts() -> Vec<String> {
    let attempts: &[Attempt] = &[
        ("open", || open(libc::O_RDONLY)),
        ("write", || open(libc::O_WRONLY | libc::O_CREAT)),
        ("stat", stat),
        ("socket", socket),
        ("exec", exec),
        ("fork", fork),
        ("clone3", || raw(libc::SYS_clone3, 0, 0)),
        ("kill parent", || kill(parent(), libc::SIGKILL)),
        ("kill all", || kill(-1, libc::SIGTERM)),
        ("tgkill parent", || {
            raw3(libc::SYS_tgkill, parent(), parent(), 9)
        }),
        ("ptrace", || {
            raw3(libc::SYS_ptrace, libc::PTRACE_ATTACH as i32, parent(), 0)
        }),
        ("mount", || raw(libc::SYS_mount, 0, 0)),
        ("unshare", || raw(libc::SYS_unshare, libc::CLONE_NEWUSER, 0)),
        ("setrlimit", raise_limit),
        ("setuid", || raw(libc::SYS_setuid, 0, 0)),
        ("executable memory", executable),
        ("io_uring", || raw(libc::SYS_io_uring_setup, 4, 0)),
        ("bpf", || raw(libc::SYS_bpf, 0, 0)),
        ("keyctl", || raw(libc::SYS_keyctl, 0, 0)),
        ("owner of signals", || {
            raw3(libc::SYS_fcntl, 3, libc::F_SETOWN, parent())
        }),
        ("dumpable", || {
            raw(libc::SYS_prctl, libc::PR_SET_DUMPABLE, 1)
        }),
        ("process_vm_readv", || {
            raw(libc::SYS_process_vm_readv, parent(), 0)
        }),
    ];
    attempts
        .iter()
        .map(|(name, attempt)| format!("{name}={}", outcome(attempt())))
        .collect()
}

/// The descriptors that are open, as numbers.
pub fn descriptors() -> Vec<String> {
    (0..4096)
        // SAFETY: asks about a descriptor, open or not.
        .filter(|fd| unsafe { libc::fcntl(*fd, libc::F_GETFD) } >= 0)
        .map(|fd| fd.to_string())
        .collect()
}

fn outcome(result: libc::c_long) -> String {
    let error = io::Error::last_os_error();
    match (result, error.raw_os_error()) {
        (0.., _) => "ok".to_owned(),
        (_, Some(libc::EACCES)) => "EACCES".to_owned(),
        (_, Some(libc::ENOSYS)) => "ENOSYS".to_owned(),
        (_, Some(libc::EPERM)) => "EPERM".to_owned(),
        _ => error.to_string(),
    }
}

fn parent() -> i32 {
    rustix::process::getppid().map_or(1, |pid| pid.as_raw_nonzero().get())
}

fn raw(call: libc::c_long, a: i32, b: i32) -> libc::c_long {
    raw3(call, a, b, 0)
}

fn raw3(call: libc::c_long, a: i32, b: i32, c: i32) -> libc::c_long {
    // SAFETY: calls that fail, or this process is lost anyway.
    unsafe { libc::syscall(call, a, b, c, 0, 0, 0) }
}

fn open(flags: i32) -> libc::c_long {
    // SAFETY: a C string and plain numbers.
    unsafe { libc::open(PASSWD.as_ptr(), flags, 0o600).into() }
}

fn stat() -> libc::c_long {
    let mut stat = std::mem::MaybeUninit::<libc::stat>::uninit();
    // SAFETY: a C string and room for the answer.
    unsafe { libc::stat(PASSWD.as_ptr(), stat.as_mut_ptr()).into() }
}

fn socket() -> libc::c_long {
    // SAFETY: plain numbers.
    unsafe { libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0).into() }
}

fn exec() -> libc::c_long {
    let args = [SHELL.as_ptr(), std::ptr::null()];
    // SAFETY: C strings, and a list of them that ends with null.
    unsafe { libc::execv(SHELL.as_ptr(), args.as_ptr()).into() }
}

fn fork() -> libc::c_long {
    // SAFETY: fails; should it not, the child ends at once.
    unsafe {
        match libc::fork() {
            0 => libc::_exit(0),
            pid => pid.into(),
        }
    }
}

fn kill(pid: i32, signal: i32) -> libc::c_long {
    // SAFETY: plain numbers.
    unsafe { libc::kill(pid, signal).into() }
}

fn raise_limit() -> libc::c_long {
    let limit = libc::rlimit {
        rlim_cur: 64 << 20,
        rlim_max: 64 << 20,
    };
    // SAFETY: a limit to read from.
    unsafe { libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit).into() }
}

fn executable() -> libc::c_long {
    let protection = libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC;
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: a new mapping that nobody uses.
    let mapped = unsafe { libc::mmap(std::ptr::null_mut(), 4096, protection, flags, -1, 0) };
    if mapped == libc::MAP_FAILED { -1 } else { 0 }
}
