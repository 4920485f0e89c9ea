//! Whether the vault can do its work just now, and what it is doing.

use catalog::findings;
use futures::FutureExt;
use tokio_util::sync::CancellationToken;

use crate::Vault;
use crate::replica::Standing;

/// One dependency and how it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `database`, `store`, `decoders`, `replica`, `copies`.
    pub name: &'static str,
    /// Whether it answers.
    pub ready: bool,
    /// In a sentence.
    pub detail: String,
}

/// Set once, when the vault was told to stop.
#[derive(Debug, Default)]
pub(crate) struct Draining(CancellationToken);

impl Vault {
    /// From here on the vault is not ready: requests that run are finished, new ones go elsewhere.
    pub fn drain(&self) {
        self.draining().0.cancel();
    }

    /// Whether it was told to stop.
    pub fn is_draining(&self) -> bool {
        self.draining().0.is_cancelled()
    }

    /// Waits until it is told to stop: for work that may be left off and begun again.
    pub(crate) async fn until_draining(&self) {
        self.draining().0.cancelled().await;
    }

    /// Asks every part. Only database and store count for readiness: without decoders uploads are kept
    /// and wait, and whatever is wrong with copies is no reason to refuse more.
    pub async fn parts(&self) -> Vec<Part> {
        let mut parts = vec![self.database().await, self.store().await, self.decoders()];
        parts.extend(self.copies().await);
        parts
    }

    async fn database(&self) -> Part {
        let asked = self
            .catalog()
            .read(|tx| catalog::changes::head(tx).boxed())
            .await;
        Part {
            name: "database",
            ready: asked.is_ok(),
            detail: asked.map_or_else(|error| error.to_string(), |_| "answers".to_owned()),
        }
    }

    async fn store(&self) -> Part {
        let asked = match self.gate().ping().await {
            Ok(()) => self.gate().free_space().await,
            Err(error) => Err(error),
        };
        let (ready, detail) = match asked {
            Ok(Some(free)) if free < self.config().min_free_space => {
                (false, format!("only {free} bytes are free"))
            }
            Ok(Some(free)) => (true, format!("{free} bytes are free")),
            Ok(None) => (true, "answers".to_owned()),
            Err(error) => (false, error.to_string()),
        };
        Part {
            name: "store",
            ready,
            detail,
        }
    }

    /// The replica, where there is one, and whether every copy is what it ought to be.
    async fn copies(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        if let Some(replica) = self.replica() {
            let (ready, how) = match replica.standing() {
                Standing::Unknown => (true, "was not looked at yet".to_owned()),
                Standing::Ready => (true, "answers".to_owned()),
                Standing::Down { why, since } => (false, format!("away since {since}: {why}")),
            };
            let behind = self.behind().await;
            parts.push(Part {
                name: "replica",
                ready: ready && behind.is_ok(),
                detail: match behind {
                    Ok(behind) => format!(
                        "{how}; {} files ({} bytes) are still to be copied",
                        behind.count, behind.bytes
                    ),
                    Err(error) => error.to_string(),
                },
            });
        }
        let open = self.catalog().read(|tx| findings::open(tx).boxed()).await;
        let (ready, detail) = match open {
            Ok(0) => (true, "no copy is known to be damaged or missing".to_owned()),
            Ok(count) => (false, format!("{count} copies are damaged or missing")),
            Err(error) => (false, error.to_string()),
        };
        parts.push(Part {
            name: "copies",
            ready,
            detail,
        });
        parts
    }

    fn decoders(&self) -> Part {
        let state = self.workshop().state();
        let detail = format!(
            "{} of {} at work, {} waiting, sandbox {}",
            state.running, state.max_running, state.waiting, state.level
        );
        Part {
            name: "decoders",
            ready: state.ready,
            detail,
        }
    }
}
