//! Figures that are looked up when somebody asks for them; what happens is counted where it happens.

use catalog::blobs::{self as rows, StoreRole};
use catalog::{findings, jobs};
use futures::FutureExt;
use metrics::gauge;

use crate::Vault;
use crate::jobs::KINDS;
use crate::replica::Standing;

impl Vault {
    /// Sets the gauges to what holds now. What cannot be looked up keeps its last value, and says so in
    /// `mediavault_up`.
    pub async fn observe(&self) {
        gauge!("mediavault_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        gauge!("mediavault_event_listeners").set(drawn(self.hub().listeners() as u64));
        let up = self.observe_jobs().await;
        gauge!("mediavault_up", "part" => "database").set(f64::from(u8::from(up)));
        let up = self.observe_store().await;
        gauge!("mediavault_up", "part" => "store").set(f64::from(u8::from(up)));
        if !self.observe_copies().await {
            gauge!("mediavault_up", "part" => "database").set(0.0);
        }
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
                gauge!("mediavault_jobs", "kind" => kind.clone(), "state" => state)
                    .set(drawn(count));
            }
        }
        true
    }

    /// How far the replica is behind, and how many copies are wrong.
    async fn observe_copies(&self) -> bool {
        let counted = self
            .catalog()
            .read(|tx| {
                async move {
                    let behind = rows::behind(tx, StoreRole::Replica).await?;
                    Ok((behind, findings::open(tx).await?))
                }
                .boxed()
            })
            .await
            .inspect_err(|error| tracing::warn!(%error, "copies cannot be counted"));
        let Ok((behind, open)) = counted else {
            return false;
        };
        gauge!("mediavault_findings_open").set(drawn(open));
        if let Some(replica) = self.replica() {
            let down = matches!(replica.standing(), Standing::Down { .. });
            gauge!("mediavault_up", "part" => "replica").set(f64::from(u8::from(!down)));
            gauge!("mediavault_replica_behind_blobs").set(drawn(behind.count));
            gauge!("mediavault_replica_behind_bytes").set(drawn(behind.bytes));
            let now = self.clock().now().millis();
            let waited = behind.since.map_or(0, |since| now - since.millis());
            gauge!("mediavault_replica_behind_seconds")
                .set(drawn(u64::try_from(waited).unwrap_or(0) / 1000));
        }
        true
    }

    async fn observe_store(&self) -> bool {
        match self.gate().free_space().await {
            Ok(free) => {
                if let Some(free) = free {
                    gauge!("mediavault_store_free_bytes").set(drawn(free));
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

/// A count as graphs draw it.
#[allow(
    clippy::cast_precision_loss,
    reason = "a graph is not read to sixteen digits"
)]
fn drawn(count: u64) -> f64 {
    count as f64
}
