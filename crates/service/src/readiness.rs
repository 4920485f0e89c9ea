//! Whether the vault can do its work just now, and what it is doing.

use std::sync::atomic::{AtomicBool, Ordering};

use futures::FutureExt;

use crate::Vault;

/// One dependency and how it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `database`, `store`, `decoders`.
    pub name: &'static str,
    /// Whether it answers.
    pub ready: bool,
    /// In a sentence.
    pub detail: String,
}

/// Set once, when the vault was told to stop.
#[derive(Debug, Default)]
pub(crate) struct Draining(AtomicBool);

impl Vault {
    /// From here on the vault is not ready: requests that run are finished, new ones go elsewhere.
    pub fn drain(&self) {
        self.draining().0.store(true, Ordering::SeqCst);
    }

    /// Whether it was told to stop.
    pub fn is_draining(&self) -> bool {
        self.draining().0.load(Ordering::SeqCst)
    }

    /// Asks every part. Decoders do not count for readiness: without them uploads are kept and wait.
    pub async fn parts(&self) -> Vec<Part> {
        vec![self.database().await, self.store().await, self.decoders()]
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
