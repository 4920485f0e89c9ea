//! All SQL goes through `catalog/src/sql`, the only place that names a database driver; but for the
//! bench that measures the drivers themselves.

use super::Finding;
use super::tree::Tree;

const DRIVERS: &[&str] = &["rusqlite", "tokio_postgres", "deadpool_postgres"];
const HOME: &str = "crates/catalog/src/sql";
const BARE: &str = "crates/catalog/examples/bare_bench.rs";

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let elsewhere = |path: &str| !path.starts_with(HOME) && path != BARE;
    for file in tree.rust().filter(|file| elsewhere(&file.path)) {
        for (number, line) in file.code() {
            if let Some(driver) = DRIVERS.iter().find(|driver| line.contains(*driver)) {
                let message = format!("{driver} is named only in {HOME}");
                findings.push(Finding::at(&file.path, number, message));
            }
        }
    }
    findings
}
