//! Who may import whom. The compiler keeps logic out of handlers and hostile bytes out of the server
//! as long as the manifests say so; this compares them with the table of ARCHITECTURE.md.
//! Dev-dependencies are free, but for `testkit`, which is nothing else.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde::Deserialize;

use super::Finding;

const EVERYTHING: &[&str] = &[
    "blobs", "catalog", "decode", "domain", "identity", "media", "outside", "server", "service",
];

/// A crate that is not here is new: decide what it may import, here and in ARCHITECTURE.md.
const TABLE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("outside", &["domain"]),
    ("blobs", &["domain", "outside"]),
    ("catalog", &["domain", "outside"]),
    ("media", &["domain", "outside"]),
    ("decode", &["domain", "media"]),
    ("identity", &["catalog", "domain", "outside"]),
    (
        "service",
        &["blobs", "catalog", "domain", "identity", "media", "outside"],
    ),
    ("server", &["domain", "identity", "service"]),
    ("app", EVERYTHING),
    ("testkit", &["domain"]),
    ("xtask", &["domain", "testkit"]),
];

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

pub fn check(workspace: &Workspace) -> Vec<Finding> {
    let table: BTreeMap<&str, &[&str]> = TABLE.iter().copied().collect();
    let ours: Vec<&str> = workspace
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let mut findings = Vec::new();
    for package in &workspace.packages {
        let name = package.name.as_str();
        let Some(allowed) = table.get(name) else {
            findings.push(Finding::file(
                name,
                "is not in the import table of xtask/src/tidy/imports.rs",
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
