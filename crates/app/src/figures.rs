//! Collects the figures that the other crates count and time, for `/metrics`. No listener of its own:
//! the server hands them out to those who may have them.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use server::Scrape;
use tokio::task::AbortHandle;

/// Bounds of durations, in seconds: from a picture out of memory to a long upload.
const SECONDS: &[f64] = &[
    0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
    300.0,
];

/// How often what was timed is put into its buckets: it waits in memory until then.
const UPKEEP: Duration = Duration::from_secs(5);

/// Collects from now on until dropped.
pub struct Figures {
    handle: PrometheusHandle,
    upkeep: AbortHandle,
}

impl Figures {
    /// Begins to collect; once in the life of a process.
    ///
    /// # Errors
    /// Somebody collects already.
    pub fn start() -> anyhow::Result<Self> {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)
            .context("figures")?
            .install_recorder()
            .context("figures cannot be collected")?;
        let kept = handle.clone();
        let upkeep = tokio::spawn(async move {
            let mut due = tokio::time::interval(UPKEEP);
            loop {
                due.tick().await;
                kept.run_upkeep();
            }
        });
        describe();
        Ok(Self {
            handle,
            upkeep: upkeep.abort_handle(),
        })
    }

    /// Writes them all down in Prometheus' text format.
    pub fn scrape(&self) -> Scrape {
        let handle = self.handle.clone();
        Scrape(Arc::new(move || handle.render()))
    }
}

impl Drop for Figures {
    fn drop(&mut self) {
        self.upkeep.abort();
    }
}

/// What each figure means.
fn describe() {
    use metrics::{
        describe_counter as counter, describe_gauge as gauge, describe_histogram as time,
    };
    counter!(
        "mediavault_http_requests_total",
        "Requests by method, route and status"
    );
    time!(
        "mediavault_http_request_duration_seconds",
        "Time until the answer began"
    );
    gauge!(
        "mediavault_http_requests_in_flight",
        "Requests that are being answered"
    );
    counter!(
        "mediavault_http_limited_total",
        "Requests that were refused because their client had its share, by limit"
    );
    counter!(
        "mediavault_uploads_total",
        "Files that arrived, by what came of them"
    );
    counter!(
        "mediavault_upload_bytes_total",
        "Bytes of files that were stored"
    );
    counter!(
        "mediavault_sign_ins_total",
        "Attempts to sign in, by what came of them"
    );
    gauge!("mediavault_jobs", "Jobs by kind and state");
    counter!(
        "mediavault_jobs_ended_total",
        "Attempts at jobs that ended, by kind and how"
    );
    time!(
        "mediavault_job_duration_seconds",
        "Time of one attempt at a job"
    );
    time!(
        "mediavault_db_transaction_seconds",
        "Time of a transaction, waiting included"
    );
    gauge!(
        "mediavault_event_listeners",
        "Event streams that are open on this node"
    );
    gauge!(
        "mediavault_store_free_bytes",
        "Bytes that can still be written to the store"
    );
    gauge!(
        "mediavault_replica_behind_blobs",
        "Files that are still to be copied to the replica"
    );
    gauge!(
        "mediavault_replica_behind_bytes",
        "Bytes that are still to be copied to the replica"
    );
    gauge!(
        "mediavault_replica_behind_seconds",
        "How long the oldest of them has waited"
    );
    gauge!(
        "mediavault_findings_open",
        "Copies that are damaged or missing"
    );
    gauge!("mediavault_up", "Whether a part works");
    gauge!("mediavault_build_info", "The version that runs");
}
