//! What the databases themselves take for a page of a library and for counting its days: the very
//! statements of the catalog by the drivers alone, on a connection a client. The peer of a bench.
//!
//! `bare_bench (PATH | postgres://…) (page | days) CLIENTS SECONDS` prints the 95th percentile in
//! milliseconds and statements a second.

use std::error::Error;
use std::time::{Duration, Instant};

use rusqlite::OpenFlags;
use tokio_postgres::NoTls;

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// A page of the newest, as the list's first statement reads it.
const PAGE: &str = "SELECT a.id, a.tenant, a.owner, a.kind, a.status, a.version, a.version_number, a.file_name, \
    a.sha256, a.title, a.description, a.rating, a.captured_local, a.captured_offset, a.captured_source, a.said_place, \
    a.favourite, a.archived, a.locked, a.trashed_at, a.metadata, a.created_at, a.updated_at, a.revision, a.taken_sort, \
    c.size, c.media_type, c.facts FROM asset a JOIN content c ON c.tenant = a.tenant AND c.sha256 = a.sha256 \
    WHERE a.tenant = $1 AND a.owner = $2 AND a.trashed_at IS NULL AND a.archived = FALSE AND a.locked = FALSE \
    ORDER BY a.day DESC, a.taken_sort DESC, a.id DESC LIMIT 101";

/// How much lies in each day.
const DAYS: &str = "SELECT a.day, count(*) FROM asset a WHERE a.tenant = $1 AND a.owner = $2 \
    AND a.trashed_at IS NULL AND a.archived = FALSE AND a.locked = FALSE GROUP BY a.day ORDER BY a.day DESC";

/// The library with the most assets.
const LARGEST: &str =
    "SELECT tenant, owner FROM asset GROUP BY tenant, owner ORDER BY count(*) DESC LIMIT 1";

fn main() -> Fallible<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("DATABASE page|days CLIENTS SECONDS");
    let (database, what) = (next()?, next()?);
    let (clients, seconds) = (next()?.parse::<usize>()?, next()?.parse::<u64>()?);
    let statement = match what.as_str() {
        "page" => PAGE,
        "days" => DAYS,
        _ => return Err("page or days".into()),
    };
    let until = Instant::now() + Duration::from_secs(seconds);
    let workers: Vec<_> = (0..clients)
        .map(|_| {
            let database = database.clone();
            std::thread::spawn(move || work(&database, statement, until))
        })
        .collect();
    let mut took = Vec::new();
    for worker in workers {
        took.extend(worker.join().map_err(|_| "a client panicked")??);
    }
    took.sort_unstable();
    let p95 = took[(took.len() - 1) * 95 / 100].as_secs_f64() * 1000.0;
    println!("{p95:.3} {:.0}", took.len() as f64 / seconds as f64);
    Ok(())
}

/// One client until the time is over: how long each answer took.
fn work(database: &str, statement: &str, until: Instant) -> Fallible<Vec<Duration>> {
    if database.starts_with("postgres") {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        return runtime.block_on(postgres(database, statement, until));
    }
    sqlite(database, statement, until)
}

fn sqlite(path: &str, statement: &str, until: Instant) -> Fallible<Vec<Duration>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = rusqlite::Connection::open_with_flags(path, flags)?;
    let (tenant, owner): (Vec<u8>, Vec<u8>) =
        connection.query_row(LARGEST, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut prepared = connection.prepare(&statement.replace('$', "?"))?;
    let mut took = Vec::new();
    while Instant::now() < until {
        let begun = Instant::now();
        let columns = prepared.column_count();
        let mut rows = prepared.query((&tenant, &owner))?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                std::hint::black_box(row.get::<_, rusqlite::types::Value>(column)?);
            }
        }
        took.push(begun.elapsed());
    }
    Ok(took)
}

async fn postgres(url: &str, statement: &str, until: Instant) -> Fallible<Vec<Duration>> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    let connection = tokio::spawn(connection);
    let library = client.query_one(LARGEST, &[]).await?;
    let (tenant, owner): (uuid::Uuid, uuid::Uuid) = (library.get(0), library.get(1));
    let prepared = client.prepare(statement).await?;
    let mut took = Vec::new();
    while Instant::now() < until {
        let begun = Instant::now();
        std::hint::black_box(client.query(&prepared, &[&tenant, &owner]).await?);
        took.push(begun.elapsed());
    }
    drop(client);
    connection.await??;
    Ok(took)
}
