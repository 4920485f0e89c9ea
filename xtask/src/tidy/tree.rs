//! The text files of the checkout, read once.

use std::path::Path;

use anyhow::Context;

/// Directories that hold nothing of ours.
const SKIPPED: &[&str] = &[
    ".git",
    "target",
    "node_modules",
    "dist",
    "data",
    "test-results",
    "playwright-report",
    "__pycache__",
];

/// One file, named by its path from the root with forward slashes.
pub struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    /// Lines with their numbers, counted from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(i, line)| (i + 1, line))
    }

    /// Lines that are not whole-line comments.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines()
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }

    /// Rust that is compiled into tests only, by where it lies.
    pub fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name == "tests.rs"
            || self.path.contains("/tests/")
            || self.path.starts_with("crates/testkit/")
    }

    /// Ends with a dot and this.
    pub fn has_extension(&self, extension: &str) -> bool {
        self.path
            .strip_suffix(extension)
            .is_some_and(|stem| stem.ends_with('.'))
    }
}

/// All files.
pub struct Tree(Vec<Source>);

impl Tree {
    /// Reads every text file below `root`, sorted by path.
    pub fn read(root: &Path) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        walk(root, "", &mut files)?;
        files.sort_by(|a: &Source, b| a.path.cmp(&b.path));
        Ok(Self(files))
    }

    /// A tree of these files, for trying a rule.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self(
            files
                .iter()
                .map(|(path, text)| Source {
                    path: (*path).to_owned(),
                    text: (*text).to_owned(),
                })
                .collect(),
        )
    }

    pub fn files(&self) -> &[Source] {
        &self.0
    }

    /// Rust files, the rules' own apart: they have to name what they forbid.
    pub fn rust(&self) -> impl Iterator<Item = &Source> {
        self.0
            .iter()
            .filter(|file| file.has_extension("rs") && !file.path.starts_with("xtask/src/tidy"))
    }
}

fn walk(dir: &Path, prefix: &str, files: &mut Vec<Source>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(dir).with_context(|| dir.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}/{name}")
        };
        let kind = entry.file_type()?;
        if kind.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                walk(&entry.path(), &path, files)?;
            }
        } else if kind.is_file()
            // What is not UTF-8 is a picture or the like, and none of our business.
            && let Ok(text) = String::from_utf8(std::fs::read(entry.path())?)
        {
            files.push(Source { path, text });
        }
    }
    Ok(())
}
