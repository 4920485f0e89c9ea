//! Tasks of the repository itself: `cargo xtask tidy | gen [--check] | fuzz … |
//! with-postgres -- COMMAND… | with-radosgw -- COMMAND…`.

mod fuzz;
mod r#gen;
mod postgres;
mod radosgw;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;

const USAGE: &str = "usage: cargo xtask TASK
  tidy                       check the rules of the house that the compiler cannot
  gen [--check]              make generated files again (--check: fail when that changes one)
  fuzz [TARGET] --seconds N  give the parsers (or one) bytes that nobody meant to write
  with-postgres -- COMMAND   run COMMAND beside a PostgreSQL of its own
  with-radosgw -- COMMAND    run COMMAND beside a store of Ceph that speaks S3 (takes root)";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(args: &[&str]) -> anyhow::Result<ExitCode> {
    match args {
        ["tidy"] => tidy::run(&root()?),
        ["gen"] => r#gen::run(&root()?, false),
        ["gen", "--check"] => r#gen::run(&root()?, true),
        ["fuzz", "--seconds", seconds] => fuzz::run(&root()?, "", seconds),
        ["fuzz", target, "--seconds", seconds] => fuzz::run(&root()?, target, seconds),
        ["with-postgres", "--", program, rest @ ..] => postgres::run(program, rest),
        ["with-radosgw", "--", program, rest @ ..] => radosgw::run(program, rest),
        _ => bail!("{USAGE}"),
    }
}

/// What cargo tells us of ourselves would be a change in the eyes of another cargo's build scripts.
fn forget_cargo(command: &mut std::process::Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR" {
            command.env_remove(name);
        }
    }
}

/// The top of the checkout this program was built from.
fn root() -> anyhow::Result<PathBuf> {
    match Path::new(env!("CARGO_MANIFEST_DIR")).parent() {
        Some(root) => Ok(root.to_owned()),
        None => bail!("xtask lies at the root of the file system"),
    }
}
