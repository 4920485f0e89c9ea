//! Second stage: asks the vault which bytes it has, as many files at a time as have come up while
//! the last question was on its way.

use std::collections::HashMap;

use serde_json::json;
use tokio::sync::mpsc::{Receiver, Sender};
use tokio_util::sync::CancellationToken;

use super::{Fate, Hashed, Word};
use crate::client::{Backoff, Checked, Client, ClientError};

/// Most digests in one question (the API's limit is 1000).
const BATCH: usize = 500;

pub async fn stage(
    client: Client,
    retries: u32,
    mut hashed: Receiver<Hashed>,
    next: Sender<Hashed>,
    words: Sender<Word>,
    stop: CancellationToken,
) {
    let mut batch = Vec::new();
    while stop
        .run_until_cancelled(hashed.recv_many(&mut batch, BATCH))
        .await
        .is_some_and(|count| count > 0)
    {
        let known = match stop
            .run_until_cancelled(ask(&client, retries, &batch))
            .await
        {
            Some(Ok(known)) => known,
            Some(Err(error)) => {
                // Nobody listens when the run is already over.
                let _ = words.send(Word::Over(error)).await;
                return;
            }
            None => return,
        };
        for mut file in batch.drain(..) {
            let said = match known.get(&file.sha256) {
                // What goes with it may be missing: the next stage looks.
                Some(id) if !file.beside.is_empty() => {
                    file.known = Some(id.clone());
                    next.send(file).await.is_ok()
                }
                Some(id) => {
                    let fate = Fate::Duplicate {
                        asset_id: id.clone(),
                        sha256: file.sha256,
                    };
                    words.send(Word::Fate(file.path, fate)).await.is_ok()
                }
                None => next.send(file).await.is_ok(),
            };
            if !said {
                return;
            }
        }
    }
}

/// Assets by digest. What lies in the trash does not count: sending it brings it back.
async fn ask(
    client: &Client,
    retries: u32,
    batch: &[Hashed],
) -> Result<HashMap<domain::Sha256, String>, ClientError> {
    let hashes: Vec<_> = batch.iter().map(|file| file.sha256).collect();
    let mut backoff = Backoff::new(retries);
    loop {
        match client
            .post::<Checked>("/assets/check", &json!({"hashes": hashes}))
            .await
        {
            Ok(checked) => {
                let there = checked.results.into_iter().filter(|one| !one.trashed);
                return Ok(there
                    .filter_map(|one| Some((one.sha256, one.asset_id?)))
                    .collect());
            }
            Err(error) if error.is_passing() => match backoff.next(error.retry_after()) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            },
            Err(error) => return Err(error),
        }
    }
}
