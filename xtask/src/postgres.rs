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
    crate::forget_cargo(&mut command);
    let ended = command.status().with_context(|| program.to_owned())?;
    let code = ended.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}
