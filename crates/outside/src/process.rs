//! Starting a program, hearing it, ending it.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::Stdio;

use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr, Command};
use tokio::sync::watch;

use crate::lines::LineCutter;

/// The longest line of a program's standard error that is logged, in bytes.
const LONGEST_LINE: usize = 2048;

/// What to start.
#[derive(Debug)]
pub struct Program {
    /// What the log calls it.
    pub name: &'static str,
    /// The executable; not searched for in `PATH`.
    pub exe: PathBuf,
    /// Its arguments, without the executable itself.
    pub args: Vec<OsString>,
    /// Its standard input: where it is spoken to.
    pub stdin: OwnedFd,
}

/// A program could not be started.
#[derive(Debug, thiserror::Error)]
#[error("cannot start {}: {source}", exe.display())]
pub struct Error {
    exe: PathBuf,
    source: io::Error,
}

/// A running program. Dropping the handle kills it and takes its exit status, so that it neither
/// lives on nor stays behind as a zombie.
#[derive(Debug)]
pub struct Process {
    pid: u32,
    /// Closed by dropping: the signal to kill.
    _alive: watch::Sender<()>,
    ended: watch::Receiver<bool>,
}

impl Program {
    /// Starts it with an empty environment, standard output nowhere, standard error in our log, and
    /// in a process group of its own, so that a Ctrl-C in our terminal does not reach it before us.
    /// Must be called within a Tokio runtime.
    pub fn start(self) -> Result<Process, Error> {
        let mut command = Command::new(&self.exe);
        command
            .args(&self.args)
            .env_clear()
            .stdin(Stdio::from(self.stdin))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        let mut child = command.spawn().map_err(|source| Error {
            exe: self.exe.clone(),
            source,
        })?;
        // The command holds our copy of the program's standard input: while it lives, the program's
        // peer would not see it end.
        drop(command);
        let pid = child.id().unwrap_or_default();
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(log_words(self.name, pid, stderr));
        }
        let (alive, dropped) = watch::channel(());
        let (report, ended) = watch::channel(false);
        tokio::spawn(attend(self.name, child, dropped, report));
        Ok(Process {
            pid,
            _alive: alive,
            ended,
        })
    }
}

impl Process {
    /// Its process id; may belong to another process once [`Process::has_ended`].
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Whether it has ended and its exit status was taken.
    pub fn has_ended(&self) -> bool {
        *self.ended.borrow()
    }
}

/// Waits for the end, or brings it about when the handle is gone.
async fn attend(
    name: &'static str,
    mut child: Child,
    mut dropped: watch::Receiver<()>,
    report: watch::Sender<bool>,
) {
    let pid = child.id();
    let asked = tokio::select! {
        _ = child.wait() => false,
        // No value is ever sent, so this returns only when the sender is gone.
        _ = dropped.changed() => true,
    };
    let status = if asked {
        child.kill().await.map(|()| None)
    } else {
        child.wait().await.map(Some)
    };
    match status {
        Ok(None) => tracing::debug!(program = name, pid, "stopped"),
        Ok(Some(status)) => tracing::warn!(program = name, pid, %status, "ended by itself"),
        Err(error) => tracing::error!(program = name, pid, %error, "cannot be waited for"),
    }
    report.send_replace(true);
}

/// Carries standard error into the log until the program closes it.
async fn log_words(name: &'static str, pid: u32, mut stderr: ChildStderr) {
    let mut cutter = LineCutter::new(LONGEST_LINE);
    let mut buffer = [0; 4096];
    let log = |line: &str| tracing::warn!(program = name, pid, "{line}");
    loop {
        match stderr.read(&mut buffer).await {
            Ok(0) => break,
            Ok(n) => cutter.push(&buffer[..n], log),
            Err(error) => {
                tracing::warn!(program = name, pid, %error, "standard error cannot be read");
                break;
            }
        }
    }
    cutter.finish(log);
}

#[cfg(test)]
mod tests;
