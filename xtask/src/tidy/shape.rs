//! The shape of source files: not too long, tests beside and not inside, crates that introduce
//! themselves, exceptions to a lint that give their reason.

use super::Finding;
use super::tree::{Source, Tree};

const MOST_LINES: usize = 800;

/// Written by a program; nobody reads these.
const GENERATED: &[&str] = &["sdk/typescript/src/schema.ts"];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files() {
        too_long(file, &mut findings);
    }
    for file in tree.rust() {
        introduction(file, &mut findings);
        attributes(file, &mut findings);
    }
    findings
}

fn too_long(file: &Source, findings: &mut Vec<Finding>) {
    let ours = [
        "crates/", "xtask/", "web/src/", "sdk/", "e2e/", "bench/", "scripts/",
    ];
    let code = ["rs", "ts", "svelte", "css", "sql", "py"];
    if !ours.iter().any(|place| file.path.starts_with(place))
        || !code.iter().any(|extension| file.has_extension(extension))
        || GENERATED.contains(&file.path.as_str())
    {
        return;
    }
    let lines = file.text.lines().count();
    if lines > MOST_LINES {
        let message = format!("{lines} lines, more than {MOST_LINES}: it is about several things");
        findings.push(Finding::file(&file.path, message));
    }
}

fn introduction(file: &Source, findings: &mut Vec<Finding>) {
    let root = file.path.ends_with("/src/lib.rs") || file.path.ends_with("/src/main.rs");
    if root && !file.text.starts_with("//!") {
        findings.push(Finding::at(
            &file.path,
            1,
            "begin with `//!`: what the crate is for",
        ));
    }
}

fn attributes(file: &Source, findings: &mut Vec<Finding>) {
    let mut previous = "";
    for (number, line) in file.lines() {
        let words = line.trim();
        if words.starts_with("#[ignore") {
            findings.push(Finding::at(
                &file.path,
                number,
                "an ignored test tests nothing",
            ));
        }
        if words.starts_with("mod tests {") {
            findings.push(Finding::at(
                &file.path,
                number,
                "put tests into a sibling tests.rs",
            ));
        }
        let excuse = words.starts_with("#[allow(") || words.starts_with("#![allow(");
        let reason = previous.starts_with("//") || attribute(file, number).contains("reason");
        if excuse && !reason && !words.contains("//") {
            findings.push(Finding::at(
                &file.path,
                number,
                "say why the lint does not hold here",
            ));
        }
        previous = words;
    }
}

/// The attribute that begins on this line, over all its lines.
fn attribute(file: &Source, first: usize) -> String {
    let rest = file.lines().skip(first - 1).map(|(_, line)| line);
    let mut text = String::new();
    for line in rest {
        text.push_str(line);
        if line.contains(")]") {
            break;
        }
    }
    text
}
