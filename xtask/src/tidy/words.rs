//! Words that mean "later": what is left to do belongs into the tracker, not into the code.

use super::Finding;
use super::tree::Tree;

const LATER: &[&str] = &["TODO", "FIXME", "XXX", "todo!(", "unimplemented!("];

pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files() {
        // Rules name what they forbid; lock files and licences are not our words.
        let exempt = file.path.starts_with("xtask/src/tidy")
            || file.path.ends_with("lock.json")
            || file.path.ends_with(".lock")
            || file.path.starts_with("fixtures/")
            || file.path == "LICENSE";
        if exempt {
            continue;
        }
        for (number, line) in file.lines() {
            if let Some(word) = LATER.iter().find(|word| says(line, word)) {
                findings.push(Finding::at(
                    &file.path,
                    number,
                    format!("{word}: do it or write an issue"),
                ));
            }
        }
    }
    findings
}

/// `word` stands in `line`, not inside a longer word (base64, a hash, a constant's name).
fn says(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let part = |c: char| c.is_alphanumeric() || c == '_';
        let after = &line[at + word.len()..];
        !line[..at].ends_with(part) && (word.ends_with('(') || !after.starts_with(part))
    })
}
