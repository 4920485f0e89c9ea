//! PostgreSQL for tests: one private cluster for a run, a fresh database for each test.
//!
//! A test command that sets `MEDIAVAULT_TEST_POSTGRES=postgres://user@host:port/database` lends its
//! server (the user must be allowed to create databases). Without it the first test process starts
//! a cluster for itself and all others, which ends shortly after the last of them. Without
//! PostgreSQL's programs the tests fail and say what to install.

mod cluster;

use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::process::Command;
use std::sync::OnceLock;

pub use cluster::Cluster;

/// Names the server to use instead of a cluster of our own.
pub const VARIABLE: &str = "MEDIAVAULT_TEST_POSTGRES";

/// The server of this run, kept for as long as this process lives.
fn server() -> &'static str {
    static SHARED: OnceLock<Cluster> = OnceLock::new();
    static LENT: OnceLock<Option<String>> = OnceLock::new();
    match LENT.get_or_init(|| std::env::var(VARIABLE).ok()) {
        Some(url) => url,
        None => SHARED
            .get_or_init(|| match Cluster::shared() {
                Ok(cluster) => cluster,
                Err(why) => panic!("{why}"),
            })
            .url(),
    }
}

/// A database that one test has to itself; dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    name: String,
}

impl TestDatabase {
    /// An empty one.
    pub fn empty() -> Self {
        Self::create("template1")
    }

    /// A copy of the template `template`, which `prepare` fills if no test of the run has done so yet. It
    /// gets the URL of an empty database and must close its connections. Put a digest of the schema
    /// into the name, so that an old template is never taken for a new one.
    pub async fn copied_from(template: &str, prepare: impl AsyncFnOnce(String)) -> Self {
        let lock =
            File::create(std::env::temp_dir().join(format!("mediavault-test-{template}.lock")))
                .expect("a lock file in the temporary directory");
        lock.lock().expect("the template's lock");
        if !exists(template) {
            let draft = format!("{template}_draft");
            sql(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)"));
            sql(&format!("CREATE DATABASE {draft} TEMPLATE template1"));
            prepare(url_of(&draft)).await;
            sql(&format!("ALTER DATABASE {draft} RENAME TO {template}"));
        }
        drop(lock);
        Self::create(template)
    }

    fn create(template: &str) -> Self {
        let name = format!(
            "test_{:016x}",
            RandomState::new().hash_one(std::process::id())
        );
        sql(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
        Self {
            url: url_of(&name),
            name,
        }
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        sql(&format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            self.name
        ));
    }
}

/// The server's URL with another database.
fn url_of(database: &str) -> String {
    let (server, _) = server().rsplit_once('/').expect("a URL with a database");
    format!("{server}/{database}")
}

fn exists(database: &str) -> bool {
    !sql(&format!(
        "SELECT 1 FROM pg_database WHERE datname = '{database}'"
    ))
    .trim()
    .is_empty()
}

/// Runs one statement by `psql` and gives its bare output.
fn sql(statement: &str) -> String {
    let psql = cluster::program("psql").unwrap_or_else(|why| panic!("{why}"));
    let output = Command::new(psql)
        .args([
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            server(),
            "-c",
            statement,
        ])
        .output()
        .expect("psql can be run");
    assert!(
        output.status.success(),
        "{statement}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}
