//! Progress of an export into a folder: a line that counts on a terminal, JSON for programs.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use service::export::File;

use crate::output;

/// Shows one run.
pub struct Show {
    json: bool,
    bar: ProgressBar,
}

impl Show {
    /// With one JSON object a file, or for people.
    pub fn new(json: bool) -> Self {
        let bar = match !json && std::io::stderr().is_terminal() {
            true => ProgressBar::new_spinner(),
            false => ProgressBar::hidden(),
        };
        let style = ProgressStyle::with_template("{pos} files  {elapsed}  {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        Self { json, bar }
    }

    /// Shows what became of a file.
    pub fn file(&self, outcome: &str, file: &File, reason: Option<&str>) {
        self.bar.inc(1);
        self.bar.set_message(file.path.clone());
        if self.json {
            let mut line = json!({
                "path": file.path, "outcome": outcome, "sha256": file.sha256, "size": file.size,
            });
            if let Some(reason) = reason {
                line["reason"] = json!(reason);
            }
            if let Err(error) = output::line(&line.to_string()) {
                tracing::debug!(%error, "standard output is gone");
            }
        } else if let Some(reason) = reason {
            self.bar
                .suspend(|| eprintln!("failed: {}: {reason}", file.path));
        }
    }

    /// Takes the line away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
