//! Figures that are looked up when somebody asks for them; what happens is counted where it happens.

use catalog::jobs;
use futures::FutureExt;
use metrics::gauge;

use crate::Vault;
use crate::jobs::KINDS;

impl Vault {
    /// Sets the gauges to what holds now. What cannot be looked up keeps its last value, and says so in
    /// `mediavault_up`.
    pub async fn observe(&self) {
        gauge!("mediavault_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        #[allow(clippy::cast_precision_loss, reason = "a figure for a graph")]
        gauge!("mediavault_event_listeners").set(self.hub().listeners() as f64);
        let up = self.observe_jobs().await;
        gauge!("mediavault_up", "part" => "database").set(f64::from(u8::from(up)));
        let up = self.observe_store().await;
        gauge!("mediavault_up", "part" => "store").set(f64::from(u8::from(up)));
        let decoders = self.workshop().state();
        gauge!("mediavault_up", "part" => "decoders").set(f64::from(u8::from(decoders.ready)));
    }

    async fn observe_jobs(&self) -> bool {
        let found = self
            .catalog()
            .read(|tx| jobs::everywhere(tx).boxed())
            .await
            .inspect_err(|error| tracing::warn!(%error, "the queue cannot be counted"));
        let Ok(mut standing) = found else {
            return false;
        };
        for kind in KINDS {
            standing.entry((*kind).to_owned()).or_default();
        }
        for (kind, counts) in standing {
            let states = [
                ("waiting", counts.waiting),
                ("running", counts.running),
                ("dead", counts.dead),
            ];
            for (state, count) in states {
                #[allow(clippy::cast_precision_loss, reason = "a figure for a graph")]
                gauge!("mediavault_jobs", "kind" => kind.clone(), "state" => state)
                    .set(count as f64);
            }
        }
        true
    }

    async fn observe_store(&self) -> bool {
        match self.gate().free_space().await {
            Ok(free) => {
                if let Some(free) = free {
                    #[allow(clippy::cast_precision_loss, reason = "a figure for a graph")]
                    gauge!("mediavault_store_free_bytes").set(free as f64);
                }
                true
            }
            Err(error) => {
                tracing::warn!(%error, "the store does not say how much is free");
                false
            }
        }
    }
}
