//! A migration that ran somewhere never changes again: `xtask/frozen-migrations.sha256`
//! holds the SHA-256 of each (the format of `sha256sum`); a new one is added when it is merged.

use std::collections::BTreeMap;

use super::Finding;
use super::tree::Tree;

const HOME: &str = "crates/catalog/src/migrations/";
const FROZEN: &str = "xtask/frozen-migrations.sha256";

pub fn check(tree: &Tree) -> Vec<Finding> {
    let frozen_text = tree
        .files()
        .iter()
        .find(|file| file.path == FROZEN)
        .map_or("", |file| &file.text);
    let mut frozen: BTreeMap<&str, &str> = frozen_text
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(hash, name)| (name, hash))
        .collect();

    let mut findings = Vec::new();
    for file in tree.files() {
        let Some(name) = file
            .path
            .strip_prefix(HOME)
            .filter(|name| name.ends_with(".sql"))
        else {
            continue;
        };
        let actual = domain::Sha256::of(file.text.as_bytes()).to_string();
        match frozen.remove(name) {
            Some(hash) if hash == actual => {}
            Some(_) => findings.push(Finding::file(
                &file.path,
                "is frozen: write a new migration instead",
            )),
            None => findings.push(Finding::file(
                &file.path,
                format!("add to {FROZEN}: {actual}  {name}"),
            )),
        }
    }
    for name in frozen.keys() {
        findings.push(Finding::file(FROZEN, format!("{name} is frozen but gone")));
    }
    findings
}
