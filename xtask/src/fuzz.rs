//! Gives parsers bytes that nobody meant to write, for as long as one likes. The targets are tests
//! named `fuzz::<target>…` in the crates that parse; the harness is `testkit::fuzz`.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Context;

/// Runs one target, or all of them, for so many seconds each.
pub fn run(root: &Path, target: &str, seconds: &str) -> anyhow::Result<ExitCode> {
    let seconds: u64 = seconds.parse().context("--seconds takes a number")?;
    let filter = format!("fuzz::{target}");
    let ended = Command::new(root.join("scripts/cargo"))
        .current_dir(root)
        .args(["test", "--workspace", "--lib", "--"])
        .args([filter.as_str(), "--nocapture", "--test-threads", "2"])
        .env("MEDIAVAULT_FUZZ_SECONDS", seconds.to_string())
        .status()
        .context("scripts/cargo")?;
    let code = ended.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}
