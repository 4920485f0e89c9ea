//! What became of every file of an import, and of every album.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::output::counted;
use crate::upload::Fate;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One object.
    Json,
    /// RFC 4180, one line a file.
    Csv,
}

impl Format {
    /// By the ending of the file's name.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }
}

/// One file.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Path inside the export.
    pub path: String,
    /// The archive it lies in.
    pub archive: PathBuf,
    /// What became of it.
    pub fate: Fate,
    /// The file whose text told of it.
    pub sidecar: Option<String>,
    /// Its moving part.
    pub motion: Option<String>,
    /// Albums it lies in.
    pub albums: Vec<String>,
    /// Something that is known of it and did not come with it.
    pub note: Option<String>,
}

/// One album.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlbumLine {
    /// Its name.
    pub name: String,
    /// Assets that are in the collection now.
    pub assets: usize,
    /// Why it is not, or not whole.
    pub problem: Option<String>,
}

/// What became of all of them.
#[derive(Debug, Default)]
pub struct Report {
    lines: BTreeMap<(String, PathBuf), Line>,
    /// Albums, by name.
    pub albums: Vec<AlbumLine>,
}

impl Report {
    pub(super) fn add(&mut self, line: Line) {
        self.lines
            .insert((line.path.clone(), line.archive.clone()), line);
    }

    /// Files with this word.
    pub fn count(&self, word: &str) -> usize {
        let fates = self.lines.values().map(|line| line.fate.word());
        fates.filter(|found| *found == word).count()
    }

    /// Nothing failed.
    pub fn is_clean(&self) -> bool {
        self.count("failed") == 0 && self.albums.iter().all(|album| album.problem.is_none())
    }

    /// Writes it to a file.
    pub fn write(&self, path: &Path, format: Format) -> io::Result<()> {
        let text = match format {
            Format::Json => format!("{:#}\n", self.json()),
            Format::Csv => self.csv(),
        };
        std::fs::write(path, text)
    }

    fn json(&self) -> Value {
        let albums: Vec<Value> = self
            .albums
            .iter()
            .map(|album| json!({"name": album.name, "assets": album.assets, "problem": album.problem}))
            .collect();
        let files: Vec<Value> = self.lines.values().map(Line::json).collect();
        json!({"summary": self.summary(), "albums": albums, "files": files})
    }

    /// Counts by word.
    pub fn summary(&self) -> Value {
        json!({
            "uploaded": self.count("uploaded"),
            "duplicate": self.count("duplicate"),
            "would_upload": self.count("would_upload"),
            "joined": self.count("joined"),
            "skipped": self.count("skipped"),
            "failed": self.count("failed"),
            "albums": self.albums.len(),
        })
    }

    fn csv(&self) -> String {
        let heading = [
            "path", "archive", "outcome", "reason", "asset_id", "sha256", "sidecar", "motion",
            "albums",
        ];
        let mut text = row(heading.map(str::to_owned));
        for line in self.lines.values() {
            text.push_str(&row(line.cells()));
        }
        text
    }

    /// The closing sentences: what is not in the vault is named with its reason.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let failed = self
            .lines
            .values()
            .filter(|line| line.fate.word() == "failed");
        for (at, line) in failed.enumerate() {
            if at == 0 {
                text.push_str("Failed:\n");
            }
            text.push_str(&format!("  {}: {}\n", line.path, line.fate.words()));
        }
        for album in &self.albums {
            if let Some(problem) = &album.problem {
                text.push_str(&format!("  Album {}: {problem}\n", album.name));
            }
        }
        let would = self.count("would_upload");
        let sent = if would > 0 {
            format!("{} would be uploaded", counted(would, "file"))
        } else {
            format!("{} uploaded", counted(self.count("uploaded"), "file"))
        };
        text.push_str(&format!(
            "{sent}, {} already there, {} left out, {} failed; {}.",
            self.count("duplicate"),
            self.count("skipped"),
            self.count("failed"),
            counted(self.albums.len(), "album"),
        ));
        text
    }
}

impl Line {
    /// One object of the report.
    pub fn json(&self) -> Value {
        let mut line = self.fate.json(Path::new(&self.path));
        line["archive"] = json!(self.archive.to_string_lossy());
        line["sidecar"] = json!(self.sidecar);
        line["motion"] = json!(self.motion);
        line["albums"] = json!(self.albums);
        if let Some(note) = &self.note {
            line["note"] = json!(note);
        }
        line
    }

    fn cells(&self) -> [String; 9] {
        let said = self.fate.json(Path::new(&self.path));
        let cell = |field: &str| said[field].as_str().unwrap_or_default().to_owned();
        let reason = [Some(self.fate.words()), self.note.clone()];
        [
            self.path.clone(),
            self.archive.to_string_lossy().into_owned(),
            self.fate.word().to_owned(),
            reason.into_iter().flatten().collect::<Vec<_>>().join(" "),
            cell("asset_id"),
            cell("sha256"),
            self.sidecar.clone().unwrap_or_default(),
            self.motion.clone().unwrap_or_default(),
            self.albums.join("; "),
        ]
    }
}

/// One line of RFC 4180. A spreadsheet must not take a file's name for a formula.
fn row(cells: [String; 9]) -> String {
    let quoted = cells.map(|cell| {
        let cell = match cell.chars().next() {
            Some('=' | '+' | '-' | '@') => format!("'{cell}"),
            _ => cell,
        };
        format!("\"{}\"", cell.replace('"', "\"\""))
    });
    format!("{}\r\n", quoted.join(","))
}
