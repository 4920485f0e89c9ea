//! Third stage: sends files, several at a time, each streamed from disk with its digest announced,
//! so that bytes that changed on the way (or since they were hashed) are refused and not stored. Large
//! files go in pieces: see [`resumable`].

use std::path::Path;

use futures::{StreamExt as _, TryStreamExt as _};
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Method};
use tokio::sync::mpsc::{Receiver, Sender};
use tokio_util::io::ReaderStream;
use tokio_util::sync::CancellationToken;

use super::show::Show;
use super::{Beside, Fate, Hashed, Plan, Word, hash, resumable};
use crate::client::{AssetFile, Backoff, Client, ClientError, Page, Uploaded};

/// The role of a sidecar, in the API's word.
const SIDECAR: &str = "sidecar";

/// Bytes read from disk at a time.
pub(super) const CHUNK: usize = 256 * 1024;

/// Files in a row that found nobody there before the vault counts as gone.
const GONE: usize = 3;

pub async fn stage(
    client: Client,
    plan: Plan,
    files: Receiver<Hashed>,
    show: Show,
    words: Sender<Word>,
    stop: CancellationToken,
) {
    let queue =
        futures::stream::unfold(files, async |mut files| Some((files.recv().await?, files)));
    let sends = queue
        .map(|file| {
            let (client, plan, show) = (&client, &plan, &show);
            async move {
                if plan.dry_run && file.known.is_none() {
                    return (file, Ok(Fate::WouldSend));
                }
                if let Some(asset_id) = file.known.clone() {
                    let whole = match plan.dry_run {
                        true => Ok(()),
                        false => complete(client, &file, &asset_id, plan.retries).await,
                    };
                    let sha256 = file.sha256;
                    return (file, whole.map(|()| Fate::Duplicate { asset_id, sha256 }));
                }
                let fate = send(client, &file, plan.retries, show).await;
                (file, fate)
            }
        })
        .buffer_unordered(plan.jobs);
    let mut sends = std::pin::pin!(sends);
    let mut unreachable = 0;
    while let Some((file, sent)) = stop.run_until_cancelled(sends.next()).await.flatten() {
        let word = match sent {
            Ok(fate) => {
                unreachable = 0;
                Word::Fate(file.path, fate)
            }
            Err(error @ ClientError::Denied(_)) => Word::Over(error),
            Err(error @ ClientError::Unreachable(_)) if unreachable + 1 >= GONE => {
                Word::Over(error)
            }
            Err(error) => {
                unreachable += usize::from(matches!(error, ClientError::Unreachable(_)));
                Word::Fate(
                    file.path,
                    Fate::Failed {
                        reason: error.to_string(),
                    },
                )
            }
        };
        if words.send(word).await.is_err() {
            return;
        }
    }
}

/// Sends one file until it is in, refused, or out of attempts.
async fn send(
    client: &Client,
    file: &Hashed,
    retries: u32,
    show: &Show,
) -> Result<Fate, ClientError> {
    let bar = show.file(&file.path, file.size);
    if file.size >= resumable::LARGE {
        let done = resumable::send_in_pieces(client, file, retries, &bar).await?;
        complete(client, file, &done.asset_id, retries).await?;
        let (asset_id, sha256, size) = (done.asset_id, file.sha256, file.size);
        return Ok(match done.duplicate {
            true => Fate::Duplicate { asset_id, sha256 },
            false => Fate::Uploaded {
                asset_id,
                sha256,
                size,
            },
        });
    }
    let mut backoff = Backoff::new(retries);
    loop {
        let source = match tokio::fs::File::open(&file.path).await {
            Ok(source) => source,
            Err(error) => {
                return Ok(Fate::Failed {
                    reason: error.to_string(),
                });
            }
        };
        bar.restart();
        let sent = bar.clone();
        let chunks = ReaderStream::with_capacity(source, CHUNK)
            .inspect_ok(move |chunk| sent.sent(chunk.len()));
        match post(client, file, Body::wrap_stream(chunks)).await {
            Ok(answer) if answer.duplicate => {
                return Ok(Fate::Duplicate {
                    asset_id: answer.asset.id,
                    sha256: file.sha256,
                });
            }
            Ok(answer) => {
                return Ok(Fate::Uploaded {
                    asset_id: answer.asset.id,
                    sha256: file.sha256,
                    size: file.size,
                });
            }
            Err(error) if error.is_passing() => match backoff.next(error.retry_after()) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            },
            Err(error) => return Err(error),
        }
    }
}

/// Sends what goes with a file that is there, where the vault lacks it.
async fn complete(
    client: &Client,
    file: &Hashed,
    asset: &str,
    retries: u32,
) -> Result<(), ClientError> {
    let path = format!("/assets/{asset}/files");
    let mut backoff = Backoff::new(retries);
    loop {
        match attach(client, file, &path).await {
            Err(error) if error.is_passing() => match backoff.next(error.retry_after()) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            },
            done => return done,
        }
    }
}

async fn attach(client: &Client, file: &Hashed, path: &str) -> Result<(), ClientError> {
    if file.beside.is_empty() {
        return Ok(());
    }
    let there: Page<AssetFile> = client.get(path, &[]).await?;
    for beside in &file.beside {
        if is_there(beside, &there.items).await? {
            continue;
        }
        let request = client
            .request(Method::POST, path)
            .query(&[("role", beside.role)])
            .body(body_of(&beside.path).await?);
        client.send(request).await?;
    }
    Ok(())
}

/// Whether the vault has it. Programs write sidecars again and again: only the same bytes are the same.
async fn is_there(beside: &Beside, known: &[AssetFile]) -> Result<bool, ClientError> {
    let of_role = known.iter().filter(|file| file.role == beside.role);
    let digests: Vec<_> = of_role.map(|file| file.sha256).collect();
    if beside.role != SIDECAR || digests.is_empty() {
        return Ok(!digests.is_empty());
    }
    let path = beside.path.clone();
    let hashed = tokio::task::spawn_blocking(move || hash::hash(&path)).await;
    let hashed = hashed.map_err(std::io::Error::other).flatten();
    let unreadable = |error| ClientError::Usage(format!("{}: {error}", beside.path.display()));
    Ok(digests.contains(&hashed.map_err(unreadable)?.0))
}

async fn body_of(path: &Path) -> Result<Body, ClientError> {
    let unreadable = |error| ClientError::Usage(format!("{}: {error}", path.display()));
    let source = tokio::fs::File::open(path).await.map_err(unreadable)?;
    Ok(Body::wrap_stream(ReaderStream::with_capacity(
        source, CHUNK,
    )))
}

async fn post(client: &Client, file: &Hashed, body: Body) -> Result<Uploaded, ClientError> {
    let part = Part::stream_with_length(body, file.size).file_name(name_of(&file.path));
    let mut form = Form::new().part("file", part);
    for beside in &file.beside {
        let body = body_of(&beside.path).await?;
        let part = Part::stream_with_length(body, beside.size).file_name(name_of(&beside.path));
        form = form.part(beside.role, part);
    }
    let request = client
        .request(Method::POST, "/assets")
        .header("x-content-sha256", file.sha256.to_string())
        .multipart(form);
    let answer = client.send(request).await?;
    answer.json().await.map_err(ClientError::Garbled)
}

pub(super) fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}
