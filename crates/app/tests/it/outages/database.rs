//! PostgreSQL is stopped as by a crash, and started again. (SQLite is part of the process: what stops it is in
//! `disk`.)

use std::time::{Duration, Instant};

use testkit::postgres::Cluster;

use super::load::{self, Load};
use super::vault;

/// Longest that a request may take while the database is gone.
const FAST: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_goes_and_comes_back() {
    let cluster = Cluster::start_durable().expect("a cluster of one's own");
    let vault = vault()
        .env("MEDIAVAULT_DATABASE_URL", cluster.url())
        .start()
        .await;
    let client = vault.client();
    let load = Load::begin(client, 3, &[503]);
    load::some_uploads(client, 5).await;

    cluster.stop().expect("it stops");
    load::ready(&vault, 503).await;
    for path in ["/assets", "/timeline", "/me"] {
        let asked = Instant::now();
        let answer = client.request(reqwest::Method::GET, path);
        let problem = client.refused(answer, 503).await;
        assert!(asked.elapsed() < FAST, "{path} took {:?}", asked.elapsed());
        assert_eq!(problem["code"], "unavailable", "{problem}");
    }
    load.is_refused().await;
    cluster.resume().expect("it starts again");
    load::ready(&vault, 200).await;
    load::some_uploads(client, 5).await;

    let told = load.end().await;
    load::all_there(client, &told).await;
}
