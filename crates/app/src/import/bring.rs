//! Carries tasks out: each file is hashed where it lies, the vault is asked which bytes it has, and
//! the others are streamed to it. Running it again goes on where it stopped, because what arrived is
//! there.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use domain::Sha256;
use futures::{Stream, StreamExt as _};
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Method};
use serde_json::{Value, json};
use sha2::Digest as _;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Plan;
use super::archive::Entry;
use super::gather::Export;
use crate::client::{AssetFile, Backoff, Checked, Client, ClientError, Page, Uploaded};
use crate::upload::{Fate, FileBar, Show};

/// Most digests in one question.
const BATCH: usize = 200;

/// Most digests the vault is asked about at once.
const MOST_HASHES: usize = 1000;

/// Pieces read ahead of the network.
const AHEAD: usize = 4;

/// Files in a row that found nobody there before the vault counts as gone.
const GONE: usize = 3;

/// One file to bring in.
#[derive(Debug, Clone)]
pub struct Task {
    /// The file.
    pub entry: Entry,
    /// Name to send it under.
    pub file_name: String,
    /// What is said of it, as the upload takes it.
    pub metadata: Value,
    /// What belongs to it: a moving part, a sidecar.
    pub beside: Vec<Beside>,
    /// What it was before, the first state first.
    pub earlier: Vec<State>,
    /// The bytes it must have.
    pub expected: Option<Sha256>,
}

/// A file that belongs to an original.
#[derive(Debug, Clone)]
pub struct Beside {
    /// What it is to it, in the API's word.
    pub role: String,
    /// The file.
    pub entry: Entry,
    /// Its digest, where the export tells it.
    pub sha256: Option<Sha256>,
}

/// A state of an asset.
#[derive(Debug, Clone)]
pub struct State {
    /// Its original.
    pub entry: Entry,
    /// Name to send it under.
    pub file_name: String,
    /// Its digest.
    pub sha256: Sha256,
    /// What belongs to it.
    pub beside: Vec<Beside>,
}

impl Beside {
    /// The moving part of a photograph.
    pub fn motion(entry: Entry) -> Self {
        Self {
            role: "motion".to_owned(),
            entry,
            sha256: None,
        }
    }
}

#[derive(Debug, Clone)]
struct Hashed {
    task: Task,
    sha256: Sha256,
}

/// What became of one task, by the path of its file.
pub type Outcome = (String, Fate);

/// Everything the stages share.
struct Run<'a> {
    client: &'a Client,
    export: Arc<Export>,
    plan: &'a Plan,
    show: &'a Show,
}

/// Carries out all tasks; what became of each goes to `told`. Of tasks with the same bytes the first
/// is sent.
///
/// # Errors
/// The vault cannot be reached or denies us. Tasks nobody was told of were not carried out.
pub async fn run(
    client: &Client,
    export: &Arc<Export>,
    tasks: Vec<Task>,
    plan: &Plan,
    show: &Show,
    stop: &CancellationToken,
    mut told: impl FnMut(Outcome),
) -> Result<(), ClientError> {
    let run = Run {
        client,
        export: Arc::clone(export),
        plan,
        show,
    };
    let mut first: HashMap<Sha256, String> = HashMap::new();
    let hashed = futures::stream::iter(tasks)
        .map(|task| run.hash(task))
        .buffered(plan.jobs);
    let mut batches = std::pin::pin!(hashed.ready_chunks(BATCH));
    let mut unreachable = 0;
    while let Some(batch) = stop.run_until_cancelled(batches.next()).await.flatten() {
        let mut fresh = Vec::new();
        for (task, hashed) in batch {
            let path = task.entry.path.clone();
            match hashed {
                Err(error) => {
                    let reason = error.to_string();
                    told((path, Fate::Failed { reason }));
                }
                Ok(sha256) => match first.get(&sha256) {
                    Some(other) => {
                        let as_path = PathBuf::from(other);
                        told((path, Fate::Same { as_path, sha256 }));
                    }
                    None => {
                        first.insert(sha256, path);
                        fresh.push(Hashed { task, sha256 });
                    }
                },
            }
        }
        let Some(known) = stop.run_until_cancelled(run.ask(&fresh)).await else {
            break;
        };
        let known = known?;
        let sends = futures::stream::iter(fresh)
            .map(|file| run.settle(file, &known))
            .buffer_unordered(plan.jobs);
        let mut sends = std::pin::pin!(sends);
        while let Some((path, sent)) = stop.run_until_cancelled(sends.next()).await.flatten() {
            match sent {
                Ok(fate) => {
                    unreachable = 0;
                    told((path, fate));
                }
                Err(error @ ClientError::Denied(_)) => return Err(error),
                Err(error @ ClientError::Unreachable(_)) if unreachable + 1 >= GONE => {
                    return Err(error);
                }
                Err(error) => {
                    unreachable += usize::from(matches!(error, ClientError::Unreachable(_)));
                    let reason = error.to_string();
                    told((path, Fate::Failed { reason }));
                }
            }
        }
    }
    Ok(())
}

impl Run<'_> {
    async fn hash(&self, task: Task) -> (Task, io::Result<Sha256>) {
        let (export, entry) = (Arc::clone(&self.export), task.entry.clone());
        let expected = task.expected;
        let hashed = tokio::task::spawn_blocking(move || {
            let mut hash = sha2::Sha256::new();
            export.archive(&entry).read(&entry, |chunk| {
                hash.update(chunk);
                Ok(())
            })?;
            let found = Sha256::from_bytes(hash.finalize().into());
            match expected {
                Some(expected) if expected != found => Err(io::Error::other(
                    "its bytes are not those that were exported",
                )),
                _ => Ok(found),
            }
        });
        let hashed = hashed.await.map_err(io::Error::other).flatten();
        (task, hashed)
    }

    /// Assets by digest. What lies in the trash counts only for what shall lie there: sending
    /// anything else brings it back.
    async fn ask(&self, files: &[Hashed]) -> Result<HashMap<Sha256, String>, ClientError> {
        if files.is_empty() {
            return Ok(HashMap::new());
        }
        let earlier = files.iter().flat_map(|file| &file.task.earlier);
        let mut hashes: Vec<_> = earlier.map(|state| state.sha256).collect();
        hashes.extend(files.iter().map(|file| file.sha256));
        let mut results = Vec::with_capacity(hashes.len());
        for some in hashes.chunks(MOST_HASHES) {
            let body = json!({"hashes": some});
            let checked: Checked = self
                .patiently(async || self.client.post("/assets/check", &body).await)
                .await?;
            results.extend(checked.results);
        }
        let trash: HashSet<Sha256> = files
            .iter()
            .filter(|file| file.task.metadata["trashed"] == true)
            .map(|file| file.sha256)
            .collect();
        let there = results.into_iter();
        let there = there.filter(|one| !one.trashed || trash.contains(&one.sha256));
        Ok(there
            .filter_map(|one| Some((one.sha256, one.asset_id?)))
            .collect())
    }

    async fn settle(
        &self,
        file: Hashed,
        known: &HashMap<Sha256, String>,
    ) -> (String, Result<Fate, ClientError>) {
        let path = file.task.entry.path.clone();
        if let Some(id) = known.get(&file.sha256) {
            let fate = Fate::Duplicate {
                asset_id: id.clone(),
                sha256: file.sha256,
            };
            let whole = self.complete(&file.task.beside, id).await;
            return (path, whole.map(|()| fate));
        }
        if self.plan.dry_run {
            return (path, Ok(Fate::WouldSend));
        }
        if !file.task.earlier.is_empty() {
            let fate = self.retrace(&file, known).await;
            return (path, fate);
        }
        let shown = PathBuf::from(&path);
        let bar = self.show.file(&shown, file.task.entry.size);
        let sent = self
            .patiently(async || {
                bar.restart();
                self.post(&file, &bar).await
            })
            .await;
        let fate = sent.map(|answer| {
            let (asset_id, sha256) = (answer.asset.id, file.sha256);
            if answer.duplicate {
                Fate::Duplicate { asset_id, sha256 }
            } else {
                let size = file.task.entry.size;
                Fate::Uploaded {
                    asset_id,
                    sha256,
                    size,
                }
            }
        });
        (path, fate)
    }

    /// Brings in an asset state by state, from the first, or from the one that is there.
    async fn retrace(
        &self,
        file: &Hashed,
        known: &HashMap<Sha256, String>,
    ) -> Result<Fate, ClientError> {
        let task = &file.task;
        let mut states = task.earlier.clone();
        states.push(State {
            entry: task.entry.clone(),
            file_name: task.file_name.clone(),
            sha256: file.sha256,
            beside: task.beside.clone(),
        });
        let there = states
            .iter()
            .rposition(|state| known.contains_key(&state.sha256));
        let (mut at, id) = match there {
            Some(at) => (at, known[&states[at].sha256].clone()),
            None => (0, self.begin(&states[0], &task.metadata).await?),
        };
        self.complete(&states[at].beside, &id).await?;
        while at + 1 < states.len() {
            at += 1;
            self.advance(&id, &states, at).await?;
            self.complete(&states[at].beside, &id).await?;
        }
        Ok(Fate::Uploaded {
            asset_id: id,
            sha256: file.sha256,
            size: task.entry.size,
        })
    }

    /// Sends the first state of an asset; gives its id.
    async fn begin(&self, state: &State, metadata: &Value) -> Result<String, ClientError> {
        let answer: Uploaded = self
            .patiently(async || {
                let part = self.part(&state.entry, None);
                let form = Form::new()
                    .text("metadata", metadata.to_string())
                    .part("file", part.file_name(state.file_name.clone()));
                self.send(form, "/assets", state.sha256).await
            })
            .await?;
        Ok(answer.asset.id)
    }

    /// Makes the next state the current one: one whose bytes were there before is gone back to.
    async fn advance(&self, id: &str, states: &[State], at: usize) -> Result<(), ClientError> {
        let state = &states[at];
        let path = format!("/assets/{id}/versions");
        let before = states[..at]
            .iter()
            .position(|old| old.sha256 == state.sha256);
        let _: Value = self
            .patiently(async || match before {
                Some(before) => {
                    let path = format!("{path}/{}/rollback", before + 1);
                    self.client.post(&path, &json!({})).await
                }
                None => {
                    let part = self.part(&state.entry, None);
                    let form = Form::new().part("file", part.file_name(state.file_name.clone()));
                    self.send(form, &path, state.sha256).await
                }
            })
            .await?;
        Ok(())
    }

    /// Sends what belongs to a file that is there without it.
    async fn complete(&self, beside: &[Beside], id: &str) -> Result<(), ClientError> {
        if beside.is_empty() || self.plan.dry_run {
            return Ok(());
        }
        let path = format!("/assets/{id}/files");
        let files: Page<AssetFile> = self
            .patiently(async || self.client.get(&path, &[]).await)
            .await?;
        for one in beside {
            let mut of_role = files.items.iter().filter(|file| file.role == one.role);
            let is_there = match one.sha256 {
                Some(sha256) => of_role.any(|file| file.sha256 == sha256),
                None => of_role.next().is_some(),
            };
            if is_there {
                continue;
            }
            self.patiently(async || {
                let chunks = chunks(Arc::clone(&self.export), one.entry.clone());
                let request = self
                    .client
                    .request(Method::POST, &path)
                    .query(&[("role", &one.role)])
                    .body(Body::wrap_stream(chunks));
                self.client.send(request).await.map(drop)
            })
            .await?;
        }
        Ok(())
    }

    /// Again while the vault asks for patience.
    async fn patiently<T>(
        &self,
        mut attempt: impl AsyncFnMut() -> Result<T, ClientError>,
    ) -> Result<T, ClientError> {
        let mut backoff = Backoff::new(self.plan.retries);
        loop {
            match attempt().await {
                Err(error) if error.is_passing() => match backoff.next(error.retry_after()) {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => return Err(error),
                },
                done => return done,
            }
        }
    }

    async fn post(&self, file: &Hashed, bar: &FileBar) -> Result<Uploaded, ClientError> {
        let task = &file.task;
        let mut form = Form::new().text("metadata", task.metadata.to_string());
        let part = self.part(&task.entry, Some(bar));
        form = form.part("file", part.file_name(task.file_name.clone()));
        for one in &task.beside {
            let (_, name) = one
                .entry
                .path
                .rsplit_once('/')
                .unwrap_or(("", &one.entry.path));
            let part = self.part(&one.entry, None).file_name(name.to_owned());
            // The form has a part for each of these; anything else follows.
            if ["motion", "sidecar"].contains(&one.role.as_str()) {
                form = form.part(one.role.clone(), part);
            }
        }
        let answer: Uploaded = self.send(form, "/assets", file.sha256).await?;
        if task.beside.iter().any(|one| one.role == "raw") {
            self.complete(&task.beside, &answer.asset.id).await?;
        }
        Ok(answer)
    }

    /// Sends a form with a file of this digest.
    async fn send<T: serde::de::DeserializeOwned>(
        &self,
        form: Form,
        path: &str,
        sha256: Sha256,
    ) -> Result<T, ClientError> {
        let request = self
            .client
            .request(Method::POST, path)
            .header("x-content-sha256", sha256.to_string())
            .multipart(form);
        let answer = self.client.send(request).await?;
        answer.json().await.map_err(ClientError::Garbled)
    }

    fn part(&self, entry: &Entry, bar: Option<&FileBar>) -> Part {
        let chunks = chunks(Arc::clone(&self.export), entry.clone());
        let bar = bar.cloned();
        let counted = chunks.inspect(move |chunk| {
            if let (Some(bar), Ok(chunk)) = (&bar, chunk) {
                bar.sent(chunk.len());
            }
        });
        Part::stream_with_length(Body::wrap_stream(counted), entry.size)
    }
}

/// A file's bytes as they are read by a thread of their own, which waits for whoever takes them.
fn chunks(
    export: Arc<Export>,
    entry: Entry,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let (give, take) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let gone = || io::Error::from(io::ErrorKind::BrokenPipe);
        let read = export.archive(&entry).read(&entry, |chunk| {
            let chunk = Ok(Bytes::copy_from_slice(chunk));
            give.blocking_send(chunk).map_err(|_| gone())
        });
        if let Err(error) = read {
            // Nobody listens when the request is over.
            let _ = give.blocking_send(Err(error));
        }
    });
    futures::stream::unfold(take, async |mut take| Some((take.recv().await?, take)))
}
