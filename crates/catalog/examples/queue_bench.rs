//! Jobs per second through the queue with a handler that does nothing: claim a batch, acknowledge it,
//! each in a transaction of its own, commits synced. Prints one line per database and batch size.
//!
//! `cargo run --release -p catalog --example queue_bench [JOBS [WORKERS]]`

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use catalog::jobs::{self, NewJob};
use catalog::{DataDirLock, Db, tenants};
use domain::{JobId, TenantId, Timestamp};
use testkit::postgres::Cluster;
use uuid::Uuid;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const BATCHES: [u32; 3] = [1, 16, 64];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = std::env::args()
        .skip(1)
        .map(|argument| argument.parse::<u64>());
    let jobs = numbers.next().transpose()?.unwrap_or(20_000);
    let workers = numbers.next().transpose()?.unwrap_or(8);

    println!(
        "{:<12}{:>8}{:>9}{:>10}{:>10}",
        "database", "batch", "workers", "jobs", "jobs/s"
    );
    let dir = tempfile::tempdir()?;
    let db = Db::open_sqlite(DataDirLock::acquire(dir.path())?).await?;
    bench("SQLite", &db, jobs, workers).await?;
    db.close().await;

    let cluster = Cluster::start_durable()?;
    let db = Db::open_postgres(cluster.url(), usize::try_from(workers)?).await?;
    bench("PostgreSQL", &db, jobs, workers).await?;
    db.close().await;
    Ok(())
}

async fn bench(name: &str, db: &Db, jobs: u64, workers: u64) -> Result<(), catalog::Error> {
    db.write(|tx| Box::pin(async move { tenants::ensure_default(tx, NOW).await.map(drop) }))
        .await?;
    for batch in BATCHES {
        // One by one is slow enough that fewer tell as much.
        let jobs = if batch == 1 { jobs / 10 } else { jobs };
        fill(db, jobs).await?;
        let started = Instant::now();
        let done = Arc::new(AtomicU64::new(0));
        let tasks: Vec<_> = (0..workers)
            .map(|worker| tokio::spawn(work(db.clone(), worker, batch, Arc::clone(&done))))
            .collect();
        for task in tasks {
            task.await.expect("a worker does not panic")?;
        }
        let done = done.load(Ordering::Relaxed);
        assert_eq!(done, jobs, "every job is done once");
        let rate =
            f64::from(u32::try_from(done).unwrap_or(u32::MAX)) / started.elapsed().as_secs_f64();
        println!("{name:<12}{batch:>8}{workers:>9}{jobs:>10}{rate:>10.0}");
    }
    Ok(())
}

async fn fill(db: &Db, jobs: u64) -> Result<(), catalog::Error> {
    for first in (0..jobs).step_by(1000) {
        db.write(move |tx| {
            Box::pin(async move {
                let payload = serde_json::json!({});
                for number in first..jobs.min(first + 1000) {
                    let job = NewJob {
                        id: JobId::from_uuid(Uuid::from_u128(u128::from(number))),
                        tenant: TenantId::DEFAULT,
                        asset: None,
                        kind: "nothing",
                        priority: i64::try_from(number % 5).unwrap_or(0),
                        run_at: NOW,
                        max_attempts: 3,
                        ukey: None,
                        payload: &payload,
                        created_at: NOW,
                    };
                    jobs::enqueue(tx, &job).await?;
                }
                Ok(())
            })
        })
        .await?;
    }
    Ok(())
}

async fn work(db: Db, worker: u64, batch: u32, done: Arc<AtomicU64>) -> Result<(), catalog::Error> {
    for round in 1.. {
        let token = Uuid::from_u64_pair(worker + 1, round);
        let claim = db
            .write(move |tx| {
                Box::pin(async move {
                    jobs::claim(tx, &["nothing"], batch, token, NOW, NOW.plus_millis(60_000)).await
                })
            })
            .await?;
        if claim.jobs.is_empty() {
            break;
        }
        let ids: Vec<JobId> = claim.jobs.iter().map(|job| job.id).collect();
        let count = db
            .write(move |tx| Box::pin(async move { jobs::ack(tx, &ids, token).await }))
            .await?;
        done.fetch_add(count, Ordering::Relaxed);
    }
    Ok(())
}
