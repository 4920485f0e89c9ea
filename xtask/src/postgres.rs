//! Runs a command beside a PostgreSQL of its own: started on a free port before, stopped after. The
//! tests find it by a variable and make a database each.

use std::process::{Command, ExitCode};

use anyhow::{Context, anyhow};
use testkit::postgres::{Cluster, VARIABLE};

/// Gives the command's own exit code.
pub fn run(program: &str, args: &[&str]) -> anyhow::Result<ExitCode> {
    let cluster = Cluster::start().map_err(|why| anyhow!(why))?;
    let mut command = Command::new(program);
    command.args(args).env(VARIABLE, cluster.url());
    // What cargo tells us of ourselves would be a change in the eyes of another cargo's build scripts.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR" {
            command.env_remove(name);
        }
    }
    let ended = command.status().with_context(|| program.to_owned())?;
    let code = ended.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}
