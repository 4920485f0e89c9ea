//! The rules of the house that the compiler cannot hold: one file per rule, each reading the tree
//! as it lies in the checkout and reporting file, line and what to do instead.

mod ambient;
mod drivers;
mod imports;
mod lockfiles;
mod migrations;
mod names;
mod shape;
mod tree;
mod words;

#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use tree::Tree;

/// One breach of one rule.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    /// Counted from 1; 0 means the file as a whole.
    line: usize,
    message: String,
}

impl Finding {
    fn file(path: &str, message: impl Into<String>) -> Self {
        Self::at(path, 0, message)
    }

    fn at(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}: {}", self.path, self.message),
        }
    }
}

/// A rule looks at the whole tree and says what is wrong.
type Rule = fn(&Tree) -> Vec<Finding>;

const RULES: &[Rule] = &[
    ambient::check,
    drivers::check,
    lockfiles::check,
    migrations::check,
    names::check,
    shape::check,
    words::check,
];

/// Checks every rule; prints what it found.
pub fn run(root: &Path) -> anyhow::Result<ExitCode> {
    let tree = Tree::read(root)?;
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    let map = tree.files().iter().find(|file| file.path == imports::MAP);
    let map = map.map_or("", |file| file.text.as_str());
    findings.extend(imports::check(&imports::read(root)?, map));
    findings.sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
    for finding in &findings {
        println!("{finding}");
    }
    if findings.is_empty() {
        println!("tidy: {} files, nothing to mend", tree.files().len());
        return Ok(ExitCode::SUCCESS);
    }
    println!("tidy: {} to mend", findings.len());
    Ok(ExitCode::FAILURE)
}
