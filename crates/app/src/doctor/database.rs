//! The database, without opening it: opening would bring its schema up to date.

use std::io::Read as _;
use std::path::Path;
use std::time::Duration;

use reqwest::Url;

use super::Finding;
use crate::config::Config;

const SUBJECT: &str = "database";

/// First bytes of every SQLite file (sqlite.org/fileformat2.html, 1.3).
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

const PATIENCE: Duration = Duration::from_secs(5);

pub async fn look(config: &Config) -> Finding {
    match &config.database_url {
        Some(url) => postgres(url.reveal()).await,
        None => sqlite(&config.data_dir.join("catalog.db")),
    }
}

fn sqlite(path: &Path) -> Finding {
    let shown = path.display();
    if !path.exists() {
        return Finding::fine(
            SUBJECT,
            format!("SQLite; {shown} will be made at the first start"),
        );
    }
    let mut start = [0; MAGIC.len()];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    match read {
        Ok(()) if start == *MAGIC => Finding::fine(SUBJECT, format!("SQLite in {shown}")),
        Ok(()) => Finding::broken(
            SUBJECT,
            format!("{shown} is no SQLite file"),
            "put back a copy of it",
        ),
        Err(error) => Finding::broken(
            SUBJECT,
            format!("{shown}: {error}"),
            "give it to the user that runs the vault",
        ),
    }
}

async fn postgres(url: &str) -> Finding {
    let parsed = url.parse::<Url>().ok();
    let Some((host, port)) =
        parsed.and_then(|url| Some((url.host_str()?.to_owned(), url.port().unwrap_or(5432))))
    else {
        return Finding::broken(
            SUBJECT,
            "database_url names no host",
            "write postgres://user:password@host/database",
        );
    };
    let connect = tokio::net::TcpStream::connect((host.trim_matches(['[', ']']), port));
    match tokio::time::timeout(PATIENCE, connect).await {
        Ok(Ok(_)) => Finding::fine(
            SUBJECT,
            format!("PostgreSQL; something listens on {host}:{port}"),
        ),
        Ok(Err(error)) => Finding::broken(
            SUBJECT,
            format!("{host}:{port}: {error}"),
            "start PostgreSQL, or correct database_url",
        ),
        Err(_) => Finding::broken(
            SUBJECT,
            format!("{host}:{port} does not answer"),
            "start PostgreSQL, or correct database_url",
        ),
    }
}
