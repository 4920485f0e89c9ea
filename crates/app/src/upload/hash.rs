//! First stage: the SHA-256 of every file, several at a time. A file with the bytes of an earlier
//! one goes no further.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use domain::Sha256;
use futures::StreamExt as _;
use sha2::Digest as _;
use tokio::sync::mpsc::Sender;
use tokio_util::sync::CancellationToken;

use super::{Fate, Found, Hashed, Word};

pub async fn stage(
    found: Vec<Found>,
    jobs: usize,
    next: Sender<Hashed>,
    words: Sender<Word>,
    stop: CancellationToken,
) {
    let mut hashes = futures::stream::iter(found)
        .map(|found| async move {
            let path = found.path.clone();
            let hashed = tokio::task::spawn_blocking(move || hash(&path)).await;
            (found, hashed.map_err(std::io::Error::other).flatten())
        })
        .buffered(jobs);
    let mut first: HashMap<Sha256, PathBuf> = HashMap::new();
    while let Some((found, hashed)) = stop.run_until_cancelled(hashes.next()).await.flatten() {
        let (path, beside) = (found.path, found.beside);
        let said = match hashed {
            Ok((sha256, size)) => {
                if let Some(other) = first.get(&sha256) {
                    let fate = Fate::Same {
                        as_path: other.clone(),
                        sha256,
                    };
                    words.send(Word::Fate(path, fate)).await.is_ok()
                } else {
                    first.insert(sha256, path.clone());
                    let hashed = Hashed {
                        path,
                        size,
                        sha256,
                        beside,
                        known: None,
                    };
                    next.send(hashed).await.is_ok()
                }
            }
            Err(error) => words
                .send(Word::Fate(
                    path,
                    Fate::Failed {
                        reason: error.to_string(),
                    },
                ))
                .await
                .is_ok(),
        };
        if !said {
            return;
        }
    }
}

/// Digest and size of a file as it is now.
pub(super) fn hash(path: &Path) -> std::io::Result<(Sha256, u64)> {
    let mut file = std::fs::File::open(path)?;
    let mut hash = sha2::Sha256::new();
    let mut size = 0;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((Sha256::from_bytes(hash.finalize().into()), size)),
            read => {
                hash.update(&buffer[..read]);
                size += read as u64;
            }
        }
    }
}
