//! What is built says nothing of where its author's packages came from: no registry addresses in
//! lock files, so that every mirror and proxy works.

use super::Finding;
use super::tree::Tree;

/// What the names of the registries' hosts begin with; none is spelled out, here either.
const HOSTS: &[&str] = &[
    "registry.npmjs.",
    "registry.yarnpkg.",
    "static.crates.",
    "index.crates.",
    "files.pythonhosted.",
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree
        .files()
        .iter()
        .filter(|file| !file.path.starts_with("xtask/src/tidy"))
    {
        let npm = file.path.ends_with("package-lock.json");
        for (number, line) in file.lines() {
            if npm && line.trim_start().starts_with("\"resolved\":") {
                findings.push(Finding::at(
                    &file.path,
                    number,
                    "\"resolved\": set omit-lockfile-registry-resolved",
                ));
                break;
            }
            if let Some(host) = HOSTS.iter().find(|host| line.contains(*host)) {
                findings.push(Finding::at(
                    &file.path,
                    number,
                    format!("names the registry {host}"),
                ));
                break;
            }
        }
    }
    findings
}
