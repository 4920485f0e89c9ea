//! Real processes of the system: `cat` lives as long as its input.

use std::io::Read;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Process, Program};

fn start(exe: &str, args: &[&str], stdin: OwnedFd) -> Result<Process, super::Error> {
    Program {
        name: "test",
        exe: PathBuf::from(exe),
        args: args.iter().map(Into::into).collect(),
        stdin,
    }
    .start()
}

async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let all = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(10), all).await;
    assert!(ended.is_ok(), "never came true: {what}");
}

#[tokio::test]
async fn a_program_that_ends_is_noticed_and_leaves_no_zombie() {
    let (reader, writer) = std::io::pipe().unwrap();
    let process = start("/bin/cat", &[], reader.into()).unwrap();
    assert!(!process.has_ended());
    drop(writer);
    eventually("cat ended", || process.has_ended()).await;
    assert!(!Path::new(&format!("/proc/{}", process.pid())).exists());
}

#[tokio::test]
async fn dropping_the_handle_kills() {
    let (reader, _writer) = std::io::pipe().unwrap();
    let process = start("/bin/cat", &[], reader.into()).unwrap();
    let entry = PathBuf::from(format!("/proc/{}", process.pid()));
    assert!(entry.exists());
    drop(process);
    eventually("cat is gone", || !entry.exists()).await;
}

#[tokio::test]
async fn the_environment_is_empty() {
    let (mut reader, writer) = std::io::pipe().unwrap();
    // Standard input is where programs are spoken to; a shell can just as well write there.
    let process = start("/bin/sh", &["-c", "/usr/bin/env >&0"], writer.into()).unwrap();
    let read = tokio::task::spawn_blocking(move || {
        let mut text = String::new();
        reader.read_to_string(&mut text).map(|_| text)
    });
    let text = read.await.unwrap().unwrap();
    assert!(!text.contains("PATH="), "{text}");
    assert!(!text.contains("HOME="), "{text}");
    eventually("env ended", || process.has_ended()).await;
}

#[tokio::test]
async fn a_missing_program_is_named() {
    let (reader, _writer) = std::io::pipe().unwrap();
    let error = start("/nowhere/decoder", &[], reader.into()).unwrap_err();
    assert!(error.to_string().contains("/nowhere/decoder"), "{error}");
}
