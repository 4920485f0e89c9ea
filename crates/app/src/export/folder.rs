//! An export as a folder: fetched file by file, so that it goes on where it stopped and a later one brings
//! only what is new. A file has its name only when its bytes are the ones that were stored.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use domain::{AssetId, Clock as _, CollectionId};
use futures::StreamExt as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use service::export::{self, Collection, File, Layout, Record, Wish};
use tokio_util::sync::CancellationToken;

use super::show::Show;
use crate::cli::Failure;
use crate::client::{Backoff, Client, ClientError};
use crate::download::{self, DownloadError, Source};
use crate::wiring::SystemClock;

/// How a run goes about it.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Files fetched at the same time.
    pub jobs: usize,
    /// Attempts after the first, for each file.
    pub retries: u32,
    /// Say what is missing, and write nothing.
    pub dry_run: bool,
    /// What is wanted beside what is not asked about.
    pub wish: Wish,
}

/// What became of a run.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Assets.
    pub assets: usize,
    /// Collections.
    pub collections: usize,
    /// Files that came, or would.
    pub saved: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Files that were there.
    pub there: usize,
    /// Files that are not there, with the reason of each told on the way.
    pub failed: usize,
    /// Files of an export before that the vault has no more; they stay.
    pub left: usize,
    /// It was stopped before its end.
    pub stopped: bool,
}

/// A page of what the vault tells.
#[derive(Debug, Deserialize)]
#[serde(bound = "T: DeserializeOwned, Id: DeserializeOwned")]
struct Page<T, Id> {
    items: Vec<T>,
    next: Option<Id>,
}

/// One run.
struct Run<'a> {
    client: &'a Client,
    folder: &'a Path,
    plan: Plan,
    show: &'a Show,
    summary: Summary,
    problems: String,
    /// Everything that belongs to the export.
    paths: HashSet<String>,
}

/// Brings a folder in line with what the caller owns.
///
/// # Errors
/// The folder holds something else or cannot be written; the vault cannot be reached or denies us.
pub async fn run(
    client: &Client,
    folder: &Path,
    plan: Plan,
    show: &Show,
    stop: &CancellationToken,
) -> Result<Summary, Failure> {
    let before = before(folder)?;
    let mut run = Run {
        client,
        folder,
        plan,
        show,
        summary: Summary::default(),
        problems: String::new(),
        paths: HashSet::new(),
    };
    match stop.run_until_cancelled(run.all(&before)).await {
        Some(done) => done?,
        None => run.summary.stopped = true,
    }
    if !run.summary.stopped {
        let gone = before.paths.difference(&run.paths);
        run.summary.left = gone.filter(|path| folder.join(path).exists()).count();
    }
    Ok(run.summary)
}

impl Run<'_> {
    async fn all(&mut self, before: &Before) -> Result<(), Failure> {
        let now = SystemClock.now();
        let manifest = export::manifest(now, self.plan.wish);
        if !self.plan.dry_run {
            // Its end is missing until it is reached.
            remove(&self.folder.join("problems.jsonl"))?;
        }
        self.text("manifest.json", &format!("{manifest:#}\n"))?;
        self.collections().await?;
        self.assets(before).await?;
        let problems = std::mem::take(&mut self.problems);
        self.text("problems.jsonl", &problems)
    }

    async fn collections(&mut self) -> Result<(), Failure> {
        let (mut after, mut number) = (None, 1);
        loop {
            let page: Page<Collection, CollectionId> =
                self.page("/export/collections", after.as_ref()).await?;
            if page.items.is_empty() {
                return self.no_more("collections", number);
            }
            self.summary.collections += page.items.len();
            self.text(
                &format!("collections/{number:06}.jsonl"),
                &lines(&page.items)?,
            )?;
            number += 1;
            after = page.next;
            if after.is_none() {
                return self.no_more("collections", number);
            }
        }
    }

    async fn assets(&mut self, before: &Before) -> Result<(), Failure> {
        let mut layout = Layout::keeping(before.places.clone());
        let (mut after, mut number) = (None, 1);
        loop {
            let page: Page<Record, AssetId> = self.page("/export/assets", after.as_ref()).await?;
            let mut records = page.items;
            for record in &mut records {
                layout.place(record);
            }
            self.files(&records).await?;
            for record in &records {
                let path = format!("{}.xmp", record.path);
                self.text(&path, &record.xmp())?;
            }
            self.summary.assets += records.len();
            if !records.is_empty() {
                self.text(&format!("assets/{number:06}.jsonl"), &lines(&records)?)?;
                number += 1;
            }
            after = page.next;
            if after.is_none() {
                return self.no_more("assets", number);
            }
        }
    }

    /// Fetches the files of some assets, several at a time.
    async fn files(&mut self, records: &[Record]) -> Result<(), Failure> {
        let wanted: Vec<(AssetId, u32, File)> = records
            .iter()
            .flat_map(|record| {
                let files = record.all_files().into_iter();
                files.map(|(number, file)| (record.id, number, file))
            })
            .collect();
        for (_, _, file) in &wanted {
            self.paths.insert(file.path.clone());
        }
        let (client, folder, plan) = (self.client, self.folder, self.plan);
        let fetched = futures::stream::iter(wanted)
            .map(|(id, number, file)| async move {
                let fetched = fetch(client, folder, plan, id, number, &file).await;
                (id, file, fetched)
            })
            .buffer_unordered(plan.jobs);
        let mut fetched = std::pin::pin!(fetched);
        while let Some((id, file, fetched)) = fetched.next().await {
            match fetched {
                Ok(true) => {
                    self.summary.saved += 1;
                    self.summary.bytes += file.size;
                    let word = if plan.dry_run { "would_save" } else { "saved" };
                    self.show.file(word, &file, None);
                }
                Ok(false) => {
                    self.summary.there += 1;
                    self.show.file("there", &file, None);
                }
                Err(DownloadError::Client(error)) if ends_all(&error) => return Err(error.into()),
                Err(error @ DownloadError::Disk { .. }) => {
                    // The next file would meet the same full disk.
                    let what = format!("{error}; free some room, and run it again to go on");
                    return Err(Failure::Unavailable(what));
                }
                Err(error) => {
                    self.summary.failed += 1;
                    let reason = error.to_string();
                    self.show.file("failed", &file, Some(&reason));
                    let problem = json!({"id": id, "path": file.path, "problem": reason});
                    self.problems.push_str(&format!("{problem}\n"));
                }
            }
        }
        Ok(())
    }

    async fn page<T: DeserializeOwned, Id: DeserializeOwned + ToString>(
        &self,
        path: &str,
        after: Option<&Id>,
    ) -> Result<Page<T, Id>, ClientError> {
        let after = after.map(ToString::to_string);
        let mut query = Vec::new();
        if let Some(after) = &after {
            query.push(("after", after.as_str()));
        }
        if self.plan.wish.locked && path.ends_with("assets") {
            query.push(("locked", "1"));
        }
        let mut backoff = Backoff::new(self.plan.retries);
        loop {
            match self.client.get(path, &query).await {
                Err(error) if error.is_passing() => match backoff.next(error.retry_after()) {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => return Err(error),
                },
                done => return done,
            }
        }
    }

    /// Writes a text, unless it stands there already.
    fn text(&mut self, path: &str, text: &str) -> Result<(), Failure> {
        self.paths.insert(path.to_owned());
        if self.plan.dry_run {
            return Ok(());
        }
        let to = self.folder.join(path);
        if std::fs::read(&to).is_ok_and(|there| there == text.as_bytes()) {
            return Ok(());
        }
        write(&to, text.as_bytes())
            .map_err(|error| Failure::Unavailable(format!("{}: {error}", to.display())))
    }

    /// Takes away pages of an export before that was longer.
    fn no_more(&self, folder: &str, from: usize) -> Result<(), Failure> {
        if self.plan.dry_run {
            return Ok(());
        }
        for number in from.. {
            let page = self.folder.join(format!("{folder}/{number:06}.jsonl"));
            if !remove(&page)? {
                break;
            }
        }
        Ok(())
    }
}

/// No other file would fare better.
fn ends_all(error: &ClientError) -> bool {
    matches!(error, ClientError::Denied(_) | ClientError::Unreachable(_))
}

/// Fetches a file, unless it is there; whether it had to be.
async fn fetch(
    client: &Client,
    folder: &Path,
    plan: Plan,
    id: AssetId,
    number: u32,
    file: &File,
) -> Result<bool, DownloadError> {
    let to = folder.join(&file.path);
    let source = Source {
        path: format!(
            "/assets/{id}/versions/{number}/content?role={}&sha256={}",
            file.role, file.sha256
        ),
        size: file.size,
        sha256: file.sha256,
    };
    let (at, wanted) = (to.clone(), source.clone());
    let there = tokio::task::spawn_blocking(move || download::has_bytes(&at, &wanted)).await;
    if there.unwrap_or(false) {
        return Ok(false);
    }
    if plan.dry_run {
        return Ok(true);
    }
    if let Some(parent) = to.parent() {
        std::fs::create_dir_all(parent).map_err(|source| DownloadError::Disk {
            path: parent.to_owned(),
            source,
        })?;
    }
    download::to_file(client, &source, &to, plan.retries).await?;
    Ok(true)
}

/// What a folder holds of an export before.
#[derive(Debug, Default)]
struct Before {
    /// Where originals lie.
    places: HashMap<AssetId, String>,
    /// All files it tells of.
    paths: HashSet<String>,
}

/// Reads it. A folder with something else in it is refused.
fn before(folder: &Path) -> Result<Before, Failure> {
    let mut before = Before::default();
    let wrong = |what: &str| Failure::Usage(format!("{}: {what}", folder.display()));
    let Ok(mut entries) = std::fs::read_dir(folder) else {
        return match folder.exists() {
            true => Err(wrong("it is not a folder that can be read")),
            false => Ok(before),
        };
    };
    let Ok(manifest) = std::fs::read(folder.join("manifest.json")) else {
        return match entries.next() {
            None => Ok(before),
            Some(_) => Err(wrong(
                "there is something else in it; name a new or empty folder, or one with an export of before",
            )),
        };
    };
    let manifest: Value = serde_json::from_slice(&manifest).unwrap_or_default();
    if manifest["format"] != export::FORMAT || manifest["version"] != export::VERSION {
        return Err(wrong("its manifest.json is not that of such an export"));
    }
    for number in 1.. {
        let Ok(text) = std::fs::read_to_string(folder.join(format!("assets/{number:06}.jsonl")))
        else {
            break;
        };
        for record in text
            .lines()
            .filter_map(|line| serde_json::from_str::<Record>(line).ok())
        {
            before
                .paths
                .extend(record.all_files().into_iter().map(|(_, file)| file.path));
            if is_inside(&record.path) {
                before.places.insert(record.id, record.path);
            }
        }
    }
    Ok(before)
}

/// A path that leads nowhere else: somebody may have written the file that tells it.
fn is_inside(path: &str) -> bool {
    use std::path::Component;
    let parts = Path::new(path).components();
    path.starts_with("originals/")
        && parts
            .into_iter()
            .all(|part| matches!(part, Component::Normal(_)))
}

/// Writes a file under another name first, so that it is whole or not there.
fn write(to: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    let part: PathBuf = to.with_file_name(format!(".{name}.part"));
    if let Some(parent) = to.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(&part, bytes)?;
    std::fs::rename(&part, to)
}

/// Whether there was one.
fn remove(path: &Path) -> std::io::Result<bool> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// One JSON object a line.
fn lines<T: serde::Serialize>(items: &[T]) -> Result<String, Failure> {
    let mut lines = String::new();
    for item in items {
        let line = serde_json::to_string(item).map_err(anyhow::Error::from)?;
        lines.push_str(&line);
        lines.push('\n');
    }
    Ok(lines)
}
