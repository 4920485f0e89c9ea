//! Makes everything again that is generated from something else and checked in.
//!
//! | file | made from | by |
//! |---|---|---|
//! | `docs/openapi.json` | the routes of `server` | `mediavault openapi` |
//! | `sdk/typescript/src/schema.ts` | `docs/openapi.json` | `scripts/client gen` |

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, bail};

const OPENAPI: &str = "docs/openapi.json";
const SCHEMA: &str = "sdk/typescript/src/schema.ts";

/// Writes the files; with `check`, fails when one of them was not what it should be.
pub fn run(root: &Path, check: bool) -> anyhow::Result<ExitCode> {
    let before = [OPENAPI, SCHEMA].map(|file| std::fs::read(root.join(file)).ok());

    let document = openapi(root)?;
    std::fs::create_dir_all(root.join("docs"))?;
    std::fs::write(root.join(OPENAPI), document)?;
    let done = Command::new(root.join("scripts/client"))
        .arg("gen")
        .stdout(Stdio::null())
        .status()
        .context("scripts/client gen")?;
    if !done.success() {
        bail!("`scripts/client gen` failed: {done}");
    }

    let mut stale = false;
    for (file, before) in [OPENAPI, SCHEMA].iter().zip(before) {
        if std::fs::read(root.join(file)).ok() != before {
            println!("changed: {file}");
            stale = true;
        }
    }
    if check && stale {
        eprintln!("Generated files were out of date; they are up to date now: commit them.");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Built with the whole workspace, as tests build it: otherwise features differ and half of the
/// dependencies would be built twice.
fn openapi(root: &Path) -> anyhow::Result<Vec<u8>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--workspace", "--bin", "mediavault"])
        .current_dir(root)
        .status()
        .context("cargo build")?;
    if !built.success() {
        bail!("cargo build: {built}");
    }
    let program = std::env::current_exe()?.with_file_name("mediavault");
    let made = Command::new(&program)
        .arg("openapi")
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| program.display().to_string())?;
    if !made.status.success() {
        bail!("`mediavault openapi` failed: {}", made.status);
    }
    Ok(made.stdout)
}
