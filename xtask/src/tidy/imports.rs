//! Who may import whom. The compiler keeps logic out of handlers and hostile bytes out of the server
//! as long as the manifests say so; this compares them with the table of ARCHITECTURE.md.
//! Dev-dependencies are free, but for `testkit`, which is nothing else.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde::Deserialize;

use super::Finding;

/// Where the table stands.
pub const MAP: &str = "ARCHITECTURE.md";

/// Its first line.
const HEADING: &str = "| crate | may import |";

/// What is never part of the program, and so not in the table.
const TOOLS: &[(&str, &[&str])] = &[("testkit", &["domain"]), ("xtask", &["domain", "testkit"])];

/// What `cargo metadata --no-deps` says, as far as it matters here.
#[derive(Deserialize)]
pub struct Workspace {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `dev`, `build` or nothing for an ordinary one.
    kind: Option<String>,
}

/// Asks cargo.
pub fn read(root: &Path) -> anyhow::Result<Workspace> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let answer = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version=1"])
        .current_dir(root)
        .output()
        .context("cargo metadata")?;
    if !answer.status.success() {
        bail!(
            "cargo metadata: {}",
            String::from_utf8_lossy(&answer.stderr)
        );
    }
    Ok(serde_json::from_slice(&answer.stdout)?)
}

/// Compares the manifests with the table in `map`, the text of ARCHITECTURE.md.
pub fn check(workspace: &Workspace, map: &str) -> Vec<Finding> {
    let ours: Vec<&str> = workspace
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let table = table(map, &ours);
    let mut findings = Vec::new();
    for package in &workspace.packages {
        let name = package.name.as_str();
        let Some(allowed) = table.get(name) else {
            findings.push(Finding::file(
                name,
                format!("is not in the import table of {MAP}"),
            ));
            continue;
        };
        for import in &package.dependencies {
            let matters =
                import.kind.as_deref() != Some("dev") && ours.contains(&import.name.as_str());
            if matters && !allowed.contains(&import.name.as_str()) {
                findings.push(Finding::file(
                    name,
                    format!("may not import {}", import.name),
                ));
            }
        }
    }
    findings
}

/// Rows such as `| blobs, catalog | domain, outside; never one another |`.
fn table<'a>(map: &'a str, ours: &[&'a str]) -> BTreeMap<&'a str, Vec<&'a str>> {
    let rows = map.lines().skip_while(|line| *line != HEADING).skip(2);
    let rows = rows.map_while(|line| {
        line.strip_prefix("| ")?
            .strip_suffix(" |")?
            .split_once(" | ")
    });
    let mut table: BTreeMap<&str, Vec<&str>> = TOOLS
        .iter()
        .map(|(name, may)| (*name, may.to_vec()))
        .collect();
    for (crates, may) in rows {
        let may = may.split(';').next().unwrap_or_default().trim();
        let may: Vec<&str> = match may {
            "nothing of ours" => Vec::new(),
            "everything" => ours.iter().filter(|name| !is_tool(name)).copied().collect(),
            list => list.split(',').map(str::trim).collect(),
        };
        for name in crates.split(',') {
            table.insert(name.trim(), may.clone());
        }
    }
    table
}

fn is_tool(name: &str) -> bool {
    TOOLS.iter().any(|(tool, _)| *tool == name)
}
