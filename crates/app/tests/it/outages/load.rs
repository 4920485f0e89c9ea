//! Clients that upload for as long as a fault lasts, and what they were told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use domain::{Entropy as _, SeededEntropy, Sha256};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use testkit::{Client, PATIENCE, Vault, fixtures};
use tokio::task::JoinHandle;

/// Pause of a client between two uploads; after a refusal shorter than it is asked for, so that refusals are many.
const PAUSE: Duration = Duration::from_millis(100);

/// Seed of the next client: no two send the same bytes.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// What clients were told.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Acknowledged uploads: id and digest.
    pub(super) kept: Vec<(String, Sha256)>,
}

/// Clients at work.
pub(super) struct Load {
    stop: Arc<AtomicBool>,
    refusals: Arc<AtomicU64>,
    clients: Vec<JoinHandle<Told>>,
}

impl Load {
    /// So many clients upload small photos until [`Load::end`]. A refusal must be one of `allowed`, and say when
    /// to come again.
    pub(super) fn begin(client: &Client, clients: u64, allowed: &'static [u16]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let refusals = Arc::new(AtomicU64::new(0));
        let clients = (0..clients)
            .map(|_| NEXT.fetch_add(1, Ordering::SeqCst))
            .map(|seed| {
                tokio::spawn(upload_until(
                    Arc::clone(&stop),
                    Arc::clone(&refusals),
                    client.clone(),
                    SeededEntropy::new(seed),
                    allowed,
                ))
            })
            .collect();
        Self {
            stop,
            refusals,
            clients,
        }
    }

    /// Waits until a client was refused.
    pub(super) async fn is_refused(&self) {
        let deadline = Instant::now() + PATIENCE;
        while self.refusals.load(Ordering::SeqCst) == 0 {
            assert!(Instant::now() < deadline, "nobody notices");
            tokio::time::sleep(testkit::GLANCE).await;
        }
    }

    /// Lets every client finish what it is at.
    pub(super) async fn end(self) -> Told {
        self.stop.store(true, Ordering::SeqCst);
        let mut told = Told::default();
        for client in self.clients {
            let one = client.await.expect("a client ends by itself");
            told.kept.extend(one.kept);
        }
        told
    }
}

async fn upload_until(
    stop: Arc<AtomicBool>,
    refusals: Arc<AtomicU64>,
    client: Client,
    chance: SeededEntropy,
    allowed: &'static [u16],
) -> Told {
    let photo = fixtures::named("photos/daisy.jpg").bytes();
    let mut told = Told::default();
    while !stop.load(Ordering::SeqCst) {
        let mut bytes = photo.clone();
        let mut tail = [0; 64];
        chance.fill(&mut tail);
        bytes.extend(tail);
        let sha256 = Sha256::of(&bytes);
        let asked = Instant::now();
        match client.send_file("daisy.jpg", bytes).await {
            Ok(answer) if answer.status() == StatusCode::CREATED => {
                let body: Value = answer.json().await.expect("JSON");
                let id = body["asset"]["id"].as_str().expect("an id").to_owned();
                told.kept.push((id, sha256));
                tokio::time::sleep(PAUSE).await;
            }
            Ok(answer) => {
                refused(answer, allowed).await;
                refusals.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => panic!("no answer after {:?}: {error}", asked.elapsed()),
        }
    }
    told
}

/// A refusal says what is the matter, and when to come again if that helps.
async fn refused(answer: Response, allowed: &[u16]) {
    let status = answer.status().as_u16();
    let after = answer.headers().get("retry-after").cloned();
    let body = answer.text().await.unwrap_or_default();
    assert!(allowed.contains(&status), "{status}: {body}");
    if status == 503 {
        let seconds = after
            .as_ref()
            .and_then(|value| value.to_str().ok()?.parse::<u32>().ok());
        assert!(seconds.is_some(), "503 without Retry-After: {body}");
    }
}

/// Everything acknowledged is there byte for byte and comes to a good end.
pub(super) async fn all_there(client: &Client, told: &Told) {
    for (id, sha256) in &told.kept {
        assert_eq!(Sha256::of(&client.content(id).await), *sha256);
        let asset = client.settled(id).await;
        assert_eq!(asset["status"], "ready", "{asset:#}");
    }
}

/// Waits until `/health/ready` answers with this status.
pub(super) async fn ready(vault: &Vault, status: u16) {
    let stranger = vault.stranger();
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = stranger
            .request(reqwest::Method::GET, "/health/ready")
            .send()
            .await;
        let found = answer.map(|answer| answer.status().as_u16());
        if found.as_ref().is_ok_and(|&found| found == status) {
            return;
        }
        assert!(Instant::now() < deadline, "readiness stays {found:?}");
        tokio::time::sleep(testkit::GLANCE).await;
    }
}

/// Waits until so many uploads more were acknowledged than when it was called.
pub(super) async fn some_uploads(client: &Client, more: u64) {
    let total = async || -> u64 {
        let usage = client.get("/timeline").await;
        usage["total"].as_u64().expect("a count")
    };
    let before = total().await;
    let deadline = Instant::now() + PATIENCE;
    while total().await < before + more {
        assert!(
            Instant::now() < deadline,
            "nothing is acknowledged any more"
        );
        tokio::time::sleep(testkit::GLANCE).await;
    }
}
