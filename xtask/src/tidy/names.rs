//! A module is named after what it is about. These names say nothing and attract everything.

use super::Finding;
use super::tree::Tree;

const EMPTY: &[&str] = &[
    "common", "core", "helper", "helpers", "misc", "shared", "util", "utils",
];

pub fn check(tree: &Tree) -> Vec<Finding> {
    tree.files()
        .iter()
        .filter(|file| {
            ["crates/", "xtask/", "web/src/", "sdk/", "e2e/"]
                .iter()
                .any(|place| file.path.starts_with(place))
        })
        .filter_map(|file| {
            let empty = file.path.split('/').find(|part| {
                let stem = part.split('.').next().unwrap_or_default();
                EMPTY.contains(&stem)
            })?;
            Some(Finding::file(
                &file.path,
                format!("{empty}: name it after what it is about"),
            ))
        })
        .collect()
}
