//! What became of every file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use domain::Sha256;
use serde_json::{Value, json};

use crate::output::{counted, size};

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is in the vault now.
    Uploaded {
        asset_id: String,
        sha256: Sha256,
        size: u64,
    },
    /// The vault had it.
    Duplicate { asset_id: String, sha256: Sha256 },
    /// Another file of this run has the same bytes.
    Same { as_path: PathBuf, sha256: Sha256 },
    /// It goes with another file, and how.
    Joined(String),
    /// It would be sent.
    WouldSend,
    /// Left out, and why.
    Skipped(String),
    /// It is not in the vault, and why.
    Failed { reason: String },
}

impl Fate {
    /// The word for it in `--json`.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Uploaded { .. } => "uploaded",
            Self::Duplicate { .. } | Self::Same { .. } => "duplicate",
            Self::Joined(_) => "joined",
            Self::WouldSend => "would_upload",
            Self::Skipped(_) => "skipped",
            Self::Failed { .. } => "failed",
        }
    }

    /// A person need not hear of it unless they ask.
    pub const fn is_well(&self) -> bool {
        matches!(
            self,
            Self::Uploaded { .. } | Self::Duplicate { .. } | Self::Same { .. } | Self::Joined(_)
        )
    }

    /// What there is to say beside the word.
    pub fn words(&self) -> String {
        match self {
            Self::Uploaded { asset_id, .. } => format!("as {asset_id}"),
            Self::Duplicate { asset_id, .. } => format!("is there as {asset_id}"),
            Self::Same { as_path, .. } => format!("same bytes as {}", as_path.display()),
            Self::WouldSend => String::new(),
            Self::Skipped(reason) | Self::Joined(reason) | Self::Failed { reason } => {
                reason.clone()
            }
        }
    }

    /// One line of `--json`.
    pub fn json(&self, path: &Path) -> Value {
        let mut line = json!({"path": path.to_string_lossy(), "outcome": self.word()});
        match self {
            Self::Uploaded {
                asset_id,
                sha256,
                size,
            } => {
                line["asset_id"] = json!(asset_id);
                line["sha256"] = json!(sha256);
                line["size"] = json!(size);
            }
            Self::Duplicate { asset_id, sha256 } => {
                line["asset_id"] = json!(asset_id);
                line["sha256"] = json!(sha256);
            }
            Self::Same { as_path, sha256 } => {
                line["same_as"] = json!(as_path.to_string_lossy());
                line["sha256"] = json!(sha256);
            }
            Self::WouldSend => {}
            Self::Skipped(reason) | Self::Joined(reason) | Self::Failed { reason } => {
                line["reason"] = json!(reason);
            }
        }
        line
    }
}

/// What became of all of them, in the order in which it became clear.
#[derive(Debug, Default)]
pub struct Report {
    files: Vec<(PathBuf, Fate)>,
}

impl Report {
    pub(super) fn add(&mut self, path: PathBuf, fate: Fate) {
        self.files.push((path, fate));
    }

    /// The files that are in the vault, with their assets; of several with the same bytes each.
    pub fn assets(&self) -> Vec<(PathBuf, String)> {
        let own: HashMap<&Path, &String> = self
            .files
            .iter()
            .filter_map(|(path, fate)| match fate {
                Fate::Uploaded { asset_id, .. } | Fate::Duplicate { asset_id, .. } => {
                    Some((path.as_path(), asset_id))
                }
                _ => None,
            })
            .collect();
        let of = |(path, fate): &(PathBuf, Fate)| {
            let first = match fate {
                Fate::Same { as_path, .. } => as_path.as_path(),
                _ => path.as_path(),
            };
            Some((path.clone(), (*own.get(first)?).clone()))
        };
        self.files.iter().filter_map(of).collect()
    }

    /// Files with this word.
    pub fn count(&self, word: &str) -> usize {
        self.files
            .iter()
            .filter(|(_, fate)| fate.word() == word)
            .count()
    }

    /// Not one file failed.
    pub fn is_clean(&self) -> bool {
        self.count("failed") == 0
    }

    fn bytes(&self) -> u64 {
        let size = |fate: &Fate| match fate {
            Fate::Uploaded { size, .. } => *size,
            _ => 0,
        };
        self.files.iter().map(|(_, fate)| size(fate)).sum()
    }

    /// The last line of `--json`.
    pub fn json(&self) -> Value {
        json!({"summary": {
            "uploaded": self.count("uploaded"),
            "duplicate": self.count("duplicate"),
            "would_upload": self.count("would_upload"),
            "joined": self.count("joined"),
            "skipped": self.count("skipped"),
            "failed": self.count("failed"),
            "bytes": self.bytes(),
        }})
    }

    /// The closing sentences. Every file that is not in the vault is named with its reason.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (word, title) in [("skipped", "Left out"), ("failed", "Failed")] {
            let those: Vec<_> = self
                .files
                .iter()
                .filter(|(_, fate)| fate.word() == word)
                .collect();
            if those.is_empty() {
                continue;
            }
            text.push_str(&format!("{title}:\n"));
            for (path, fate) in those {
                text.push_str(&format!("  {}: {}\n", path.display(), fate.words()));
            }
        }
        let would = self.count("would_upload");
        if would > 0 {
            text.push_str(&format!("{} would be uploaded, ", counted(would, "file")));
        } else {
            text.push_str(&format!(
                "{} uploaded ({}), ",
                counted(self.count("uploaded"), "file"),
                size(self.bytes())
            ));
        }
        text.push_str(&format!(
            "{} already there, {} left out, {} failed.",
            self.count("duplicate"),
            self.count("skipped"),
            self.count("failed")
        ));
        text
    }
}
