//! Brings one file of a vault to disk: resumed where it broke off, checked, then named in one step.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use domain::Sha256;
use reqwest::header::{IF_RANGE, RANGE};
use reqwest::{Method, Response, StatusCode};
use sha2::Digest as _;
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt as _;

use crate::client::{Asset, Backoff, Client, ClientError};

/// Where a file is got from, and what must arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The address below `/api/v1`.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Their digest.
    pub sha256: Sha256,
}

impl Source {
    /// An asset's original.
    pub fn of(asset: &Asset) -> Self {
        Self {
            path: format!("/assets/{}/content", asset.id),
            size: asset.size,
            sha256: asset.sha256,
        }
    }
}

/// What became of one file.
#[derive(Debug)]
pub enum Fetched {
    /// Written there.
    Saved(PathBuf),
    /// The right bytes were there already.
    There(PathBuf),
}

/// Why a file did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// The vault did not give it.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The file could not be written.
    #[error("{path}: {source}", path = .path.display())]
    Disk {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The bytes are not the ones that were stored.
    #[error("the bytes that arrived are not the ones that were stored (SHA-256 differs)")]
    Differs,
}

/// Downloads to `path` by way of a `.part` file beside it.
pub async fn to_file(
    client: &Client,
    source: &Source,
    path: &Path,
    retries: u32,
) -> Result<(), DownloadError> {
    let part = part_of(path, source);
    let mut backoff = Backoff::new(retries);
    loop {
        match attempt(client, source, &part).await {
            Ok(()) => break,
            Err(DownloadError::Client(error)) if error.is_passing() => {
                match backoff.next(error.retry_after()) {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => return Err(error.into()),
                }
            }
            Err(error) => return Err(error),
        }
    }
    let disk = |error| DownloadError::Disk {
        path: path.to_owned(),
        source: error,
    };
    tokio::fs::rename(&part, path).await.map_err(disk)
}

/// Writes a file to standard output and checks it on the way.
pub async fn to_stdout(client: &Client, source: &Source) -> anyhow::Result<()> {
    let mut answer = client.send(content(client, source)).await?;
    let mut hash = sha2::Sha256::new();
    let mut out = std::io::stdout().lock();
    while let Some(chunk) = answer.chunk().await? {
        hash.update(&chunk);
        out.write_all(&chunk)?;
    }
    out.flush()?;
    if Sha256::from_bytes(hash.finalize().into()) != source.sha256 {
        return Err(DownloadError::Differs.into());
    }
    Ok(())
}

/// Whether the file holds exactly these bytes.
pub fn has_bytes(path: &Path, source: &Source) -> bool {
    let same_size = path
        .metadata()
        .is_ok_and(|metadata| metadata.len() == source.size);
    same_size
        && hash_file(path)
            .is_ok_and(|hash| Sha256::from_bytes(hash.finalize().into()) == source.sha256)
}

/// One request: the rest of the part file, or all of it.
async fn attempt(client: &Client, source: &Source, part: &Path) -> Result<(), DownloadError> {
    let disk = |error| DownloadError::Disk {
        path: part.to_owned(),
        source: error,
    };
    let have = part.metadata().map_or(0, |metadata| metadata.len());
    let mut hash = sha2::Sha256::new();
    if have > 0 && have < source.size {
        hash = hash_part(part).await.map_err(disk)?;
        let rest = content(client, source)
            .header(RANGE, format!("bytes={have}-"))
            .header(IF_RANGE, format!("\"{}\"", source.sha256));
        let answer = client.send(rest).await?;
        if answer.status() == StatusCode::PARTIAL_CONTENT {
            let file = OpenOptions::new()
                .append(true)
                .open(part)
                .await
                .map_err(disk)?;
            return receive(answer, file, hash, source, part).await;
        }
        // The server began anew: so do we, with the answer that is here already.
        hash = sha2::Sha256::new();
        let file = File::create(part).await.map_err(disk)?;
        return receive(answer, file, hash, source, part).await;
    }
    let answer = client.send(content(client, source)).await?;
    let file = File::create(part).await.map_err(disk)?;
    receive(answer, file, hash, source, part).await
}

async fn receive(
    mut answer: Response,
    mut file: File,
    mut hash: sha2::Sha256,
    source: &Source,
    part: &Path,
) -> Result<(), DownloadError> {
    let disk = |error| DownloadError::Disk {
        path: part.to_owned(),
        source: error,
    };
    loop {
        let chunk = match answer.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(error) => {
                // What came so far is kept for the next attempt.
                file.flush().await.map_err(disk)?;
                return Err(ClientError::Unreachable(error).into());
            }
        };
        hash.update(&chunk);
        file.write_all(&chunk).await.map_err(disk)?;
    }
    file.flush().await.map_err(disk)?;
    file.sync_all().await.map_err(disk)?;
    if Sha256::from_bytes(hash.finalize().into()) == source.sha256 {
        return Ok(());
    }
    tokio::fs::remove_file(part).await.map_err(disk)?;
    Err(DownloadError::Differs)
}

fn content(client: &Client, source: &Source) -> reqwest::RequestBuilder {
    client.request(Method::GET, &source.path)
}

/// Beside the target, named after the content: another version never continues this one.
fn part_of(path: &Path, source: &Source) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let digest = source.sha256.to_string();
    path.with_file_name(format!(".{name}.{}.part", &digest[..16]))
}

async fn hash_part(part: &Path) -> std::io::Result<sha2::Sha256> {
    let part = part.to_owned();
    tokio::task::spawn_blocking(move || hash_file(&part))
        .await
        .map_err(std::io::Error::other)?
}

fn hash_file(path: &Path) -> std::io::Result<sha2::Sha256> {
    let mut file = std::fs::File::open(path)?;
    let mut hash = sha2::Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hash),
            read => hash.update(&buffer[..read]),
        }
    }
}
