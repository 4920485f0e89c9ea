//! All SQL goes through `catalog/src/sql`, the only place that names a database driver.

use super::Finding;
use super::tree::Tree;

const DRIVERS: &[&str] = &["rusqlite", "tokio_postgres", "deadpool_postgres"];
const HOME: &str = "crates/catalog/src/sql";

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust().filter(|file| !file.path.starts_with(HOME)) {
        for (number, line) in file.code() {
            if let Some(driver) = DRIVERS.iter().find(|driver| line.contains(*driver)) {
                let message = format!("{driver} is named only in {HOME}");
                findings.push(Finding::at(&file.path, number, message));
            }
        }
    }
    findings
}
