//! Transactions per second through the seam: four inserted rows each, durable before the answer, many
//! callers at once. Prints one line per database.
//!
//! `cargo run --release -p catalog --example seam_bench [TRANSACTIONS [CALLERS]]`

use std::error::Error;
use std::time::Instant;

use catalog::{DataDirLock, Db};
use testkit::postgres::Cluster;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = std::env::args()
        .skip(1)
        .map(|argument| argument.parse::<u32>());
    let transactions = numbers.next().transpose()?.unwrap_or(40_000);
    let callers = numbers.next().transpose()?.unwrap_or(256);

    println!(
        "{:<12}{:>9}{:>14}{:>10}",
        "database", "callers", "transactions", "per s"
    );
    let dir = tempfile::tempdir()?;
    let db = Db::open_sqlite(DataDirLock::acquire(dir.path())?).await?;
    bench("SQLite", &db, transactions, callers).await?;
    db.close().await;

    let cluster = Cluster::start_durable()?;
    let db = Db::open_postgres(cluster.url(), 16).await?;
    bench("PostgreSQL", &db, transactions / 10, callers.min(16)).await?;
    db.close().await;
    Ok(())
}

async fn bench(name: &str, db: &Db, transactions: u32, callers: u32) -> Result<(), catalog::Error> {
    let each = transactions / callers;
    let started = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|caller| tokio::spawn(insert(db.clone(), caller, each)))
        .collect();
    for task in tasks {
        task.await.expect("a caller does not panic")?;
    }
    let rate = f64::from(each * callers) / started.elapsed().as_secs_f64();
    println!("{name:<12}{callers:>9}{:>14}{rate:>10.0}", each * callers);
    Ok(())
}

async fn insert(db: Db, caller: u32, transactions: u32) -> Result<(), catalog::Error> {
    for number in 0..transactions {
        db.write(move |tx| {
            Box::pin(async move {
                for row in 0..4 {
                    tx.execute(
                        "INSERT INTO setting (name, value, updated_at) VALUES ($1, $2, $3)",
                        vec![
                            format!("{caller} {number} {row}").into(),
                            "{}".into(),
                            i64::from(number).into(),
                        ],
                    )
                    .await?;
                }
                Ok(())
            })
        })
        .await?;
    }
    Ok(())
}
