//! The export of a vault, made by `mediavault export` or the settings page: a ZIP or a folder.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::{CollectionId, Sha256};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use service::export::{self, Collection, File, Record};
use tokio_util::sync::CancellationToken;

use super::bring::{self, Beside, State, Task};
use super::gather::Export;
use super::report::{Line, Report};
use super::{Plan, takeout, tree};
use crate::client::{Client, ClientError};
use crate::upload::{Fate, Show};

/// Most text of one page of JSON lines, in bytes.
const MAX_PAGE: u64 = 64 << 20;

/// What `manifest.json` says.
#[derive(Debug, Deserialize)]
struct Manifest {
    format: String,
    version: u32,
}

/// An export with what stands in it.
#[derive(Debug)]
struct Read {
    export: Export,
    assets: Vec<Record>,
    collections: Vec<Collection>,
    /// Lines that say nothing this program understands.
    broken: Vec<(String, String)>,
}

/// What an export holds.
#[derive(Debug)]
pub struct Told {
    /// Assets.
    pub assets: usize,
    /// Collections.
    pub collections: usize,
    /// Lines of `problems.jsonl`, and what cannot be read here.
    pub problems: Vec<String>,
}

/// Looks into an export: that it is one, and whole but for what it says itself.
///
/// # Errors
/// A sentence that says why it is none.
pub fn look(path: &Path) -> Result<Told, String> {
    let read = Read::from(path)?;
    let problems = text(&read.export, "problems.jsonl").ok_or("its end is missing")?;
    let own = read
        .broken
        .iter()
        .map(|(path, reason)| format!("{path}: {reason}"));
    Ok(Told {
        assets: read.assets.len(),
        collections: read.collections.len(),
        problems: problems.lines().map(str::to_owned).chain(own).collect(),
    })
}

/// Brings in an export.
///
/// # Errors
/// It is none, or the vault cannot be reached or denies us.
pub async fn run(
    client: &Client,
    path: &Path,
    plan: &Plan,
    stop: CancellationToken,
) -> (Report, Result<(), ClientError>) {
    let mut report = Report::default();
    let at = path.to_owned();
    let read = tokio::task::spawn_blocking(move || Read::from(&at)).await;
    let read = match read.map_err(|error| error.to_string()).flatten() {
        Ok(read) => read,
        Err(reason) => return (report, Err(ClientError::Usage(reason))),
    };
    let mut lines = read.lines();
    let tasks = read.tasks();
    let total = tasks.iter().map(|task| task.entry.size).sum();
    let show = Show::new(plan.style, plan.verbose, tasks.len(), total);
    let (wanted_of, collections) = (read.assets, read.collections);
    let export = Arc::new(read.export);
    let outcome = bring::run(
        client,
        &export,
        tasks,
        plan,
        &show,
        &stop,
        |(path, fate)| {
            show.fate(Path::new(&path), &fate);
            if let Some(line) = lines.get_mut(&path) {
                line.fate = fate;
            }
        },
    )
    .await;
    if !plan.dry_run && outcome.is_ok() && !stop.is_cancelled() {
        let assets = takeout::assets(&lines);
        let held = held(&wanted_of, &assets);
        match tree::make(client, collections, held).await {
            Ok(albums) => report.albums = albums,
            Err(error) => return (report, Err(error)),
        }
    }
    show.finish();
    for line in lines.into_values() {
        report.add(line);
    }
    (report, outcome)
}

impl Read {
    fn from(path: &Path) -> Result<Self, String> {
        let export = Export::open(&[path.to_owned()]);
        if let Some(left) = export
            .left
            .iter()
            .find(|left| left.path == path.to_string_lossy())
        {
            return Err(format!("{}: {}", left.path, left.reason));
        }
        let none = || format!("{}: not an export of a Media Vault", path.display());
        let manifest = text(&export, "manifest.json").ok_or_else(none)?;
        let manifest: Manifest = serde_json::from_str(&manifest).map_err(|_| none())?;
        if manifest.format != export::FORMAT {
            return Err(none());
        }
        if manifest.version != export::VERSION {
            return Err(format!(
                "{}: made by a newer program than this one",
                path.display()
            ));
        }
        let mut broken = Vec::new();
        Ok(Self {
            assets: pages(&export, "assets/", &mut broken),
            collections: pages(&export, "collections/", &mut broken),
            broken,
            export,
        })
    }

    /// One line for each original, and for what is missing.
    fn lines(&self) -> BTreeMap<String, Line> {
        let mut lines = BTreeMap::new();
        let mut add = |path: &str, fate: Fate| {
            let archive = self.export.archives.first();
            let line = Line {
                path: path.to_owned(),
                archive: archive.map_or_else(PathBuf::new, |archive| archive.path.clone()),
                fate,
                sidecar: None,
                motion: None,
                albums: Vec::new(),
                note: None,
            };
            lines.insert(path.to_owned(), line);
        };
        for asset in &self.assets {
            let fate = if self.export.entries.contains_key(&asset.path) {
                Fate::Skipped("not sent: the import was stopped before".to_owned())
            } else {
                let reason = "it is not in the archive".to_owned();
                Fate::Failed { reason }
            };
            add(&asset.path, fate);
        }
        for (path, reason) in &self.broken {
            let reason = reason.clone();
            add(path, Fate::Failed { reason });
        }
        for left in self.export.left.iter().filter(|left| left.lost) {
            let reason = left.reason.clone();
            add(&left.path, Fate::Failed { reason });
        }
        lines
    }

    fn tasks(&self) -> Vec<Task> {
        // Bytes that are an asset of their own by now cannot be the past of another.
        let current: HashSet<Sha256> = self.assets.iter().map(|asset| asset.sha256).collect();
        let task = |asset: &Record| {
            let states = asset.versions.iter().filter_map(|version| {
                let original = version.files.iter().find(|file| file.is_original())?;
                let is_own = original.sha256 == asset.sha256;
                (is_own || !current.contains(&original.sha256)).then_some(())?;
                Some(State {
                    entry: self.export.entries.get(&original.path)?.clone(),
                    file_name: version.file_name.clone(),
                    sha256: original.sha256,
                    beside: self.beside(&version.files),
                })
            });
            Some(Task {
                entry: self.export.entries.get(&asset.path)?.clone(),
                file_name: asset.file_name.clone(),
                metadata: asset.said.clone(),
                beside: self.beside(&asset.files),
                earlier: states.collect(),
                expected: Some(asset.sha256),
            })
        };
        self.assets.iter().filter_map(task).collect()
    }

    /// What lies beside an original.
    fn beside(&self, files: &[File]) -> Vec<Beside> {
        let beside = files.iter().filter(|file| !file.is_original());
        let entry = |file: &File| {
            Some(Beside {
                role: file.role.clone(),
                entry: self.export.entries.get(&file.path)?.clone(),
                sha256: Some(file.sha256),
            })
        };
        beside.filter_map(entry).collect()
    }
}

/// The lines of all pages in a folder; what cannot be read goes to `broken`.
fn pages<T: DeserializeOwned>(
    export: &Export,
    folder: &str,
    broken: &mut Vec<(String, String)>,
) -> Vec<T> {
    let mut found = Vec::new();
    let pages = export.entries.keys();
    let pages = pages.filter(|path| path.starts_with(folder) && path.ends_with(".jsonl"));
    for page in pages {
        let Some(text) = text(export, page) else {
            broken.push((page.clone(), "it cannot be read".to_owned()));
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            match serde_json::from_str(line) {
                Ok(one) => found.push(one),
                Err(error) => {
                    let reason = format!("line {}: {error}", number + 1);
                    broken.push((page.clone(), reason));
                }
            }
        }
    }
    found
}

fn text(export: &Export, path: &str) -> Option<String> {
    let entry = export.entries.get(path)?;
    let bytes = export.archive(entry).read_all(entry, MAX_PAGE).ok()?;
    String::from_utf8(bytes).ok()
}

/// The assets here that lie in each collection.
fn held(assets: &[Record], ids: &BTreeMap<String, String>) -> HashMap<CollectionId, Vec<String>> {
    let mut held: HashMap<CollectionId, Vec<String>> = HashMap::new();
    for asset in assets {
        if let Some(id) = ids.get(&asset.path) {
            for collection in &asset.collections {
                held.entry(*collection).or_default().push(id.clone());
            }
        }
    }
    held
}
