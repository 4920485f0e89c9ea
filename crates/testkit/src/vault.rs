//! A vault that runs: the real binary in a process of its own.

use std::fs::{File, OpenOptions};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;
use tempfile::TempDir;

use crate::client::Client;
use crate::postgres::TestDatabase;
use crate::{GLANCE, PATIENCE, s3};

/// What a vault says when the address is its own; one that found it taken may be answered for by another.
const RUNNING: &str = "Media Vault is running at";

/// E-mail of the account every vault begins with.
pub const EMAIL: &str = "ada@example.org";
/// Its password.
pub const PASSWORD: &str = "correct horse battery staple";

/// Where the vault keeps its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Database {
    /// In its data directory.
    #[default]
    Sqlite,
    /// In a fresh PostgreSQL database.
    Postgres,
}

impl Database {
    /// Each of them: what holds on one holds on the other.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];
}

/// What a vault is started with.
pub struct VaultBuilder {
    binary: PathBuf,
    database: Database,
    environment: Vec<(String, String)>,
    wrapper: Vec<String>,
    account: bool,
}

impl VaultBuilder {
    /// Keeps rows elsewhere than in SQLite.
    pub fn database(mut self, database: Database) -> Self {
        self.database = database;
        self
    }

    /// Keeps bytes in that bucket instead of a folder.
    pub fn bucket(self, place: &s3::Place) -> Self {
        self.env(
            "MEDIAVAULT_STORE_URL",
            format!("s3://{}/vault", place.bucket),
        )
        .env("MEDIAVAULT_S3_ENDPOINT", &place.endpoint)
        .env("MEDIAVAULT_S3_ACCESS_KEY_ID", &place.key_id)
        .env("MEDIAVAULT_S3_SECRET_ACCESS_KEY", &place.secret)
        // No server that tests use is quick on a busy machine.
        .env(
            "MEDIAVAULT_S3_TIMEOUT_SECONDS",
            PATIENCE.as_secs().to_string(),
        )
    }

    /// Sets a variable such as `MEDIAVAULT_MAX_UPLOAD_SIZE`; given later wins.
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// Has the server started by another program, which ends by becoming it: `wrapper… mediavault serve`.
    pub fn within(mut self, wrapper: &[&str]) -> Self {
        self.wrapper = wrapper.iter().map(|&word| word.to_owned()).collect();
        self
    }

    /// Leaves the first account to the test.
    pub fn without_account(mut self) -> Self {
        self.account = false;
        self
    }

    /// Starts it, waits until it is ready, and registers the first account.
    pub async fn start(self) -> Vault {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let database = match self.database {
            Database::Sqlite => None,
            Database::Postgres => Some(Arc::new(TestDatabase::empty())),
        };
        // Another process may take a free port between our look and the server's: then once more.
        for _ in 0..4 {
            let port = free_port();
            let mut vault = Vault {
                log: dir.path().join("server.log"),
                data_dir: dir.path().join("data"),
                base: format!("http://127.0.0.1:{port}"),
                client: Client::new(format!("http://127.0.0.1:{port}")),
                binary: self.binary.clone(),
                database: database.clone(),
                environment: self.environment.clone(),
                wrapper: self.wrapper.clone(),
                address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
                told: 0,
                child: None,
                dir: None,
            };
            vault.spawn();
            if vault.becomes_ready().await {
                vault.dir = Some(dir);
                if self.account {
                    vault.client = vault.register(EMAIL).await;
                }
                return vault;
            }
            if !vault.log().contains("in use") {
                panic!("the vault did not start:\n{}", vault.log());
            }
        }
        panic!("found no free port");
    }
}

/// A running vault. Dropped, it is killed and its data directory removed.
pub struct Vault {
    binary: PathBuf,
    /// PostgreSQL, unless its rows are in SQLite.
    database: Option<Arc<TestDatabase>>,
    environment: Vec<(String, String)>,
    wrapper: Vec<String>,
    address: SocketAddr,
    base: String,
    data_dir: PathBuf,
    log: PathBuf,
    client: Client,
    /// Length of its log when it was last started.
    told: usize,
    child: Option<Child>,
    /// Kept for its drop.
    dir: Option<TempDir>,
}

impl Vault {
    /// Prepares a vault of this binary: in an integration test, `env!("CARGO_BIN_EXE_mediavault")`.
    pub fn builder(binary: impl Into<PathBuf>) -> VaultBuilder {
        VaultBuilder {
            binary: binary.into(),
            database: Database::default(),
            environment: Vec::new(),
            wrapper: Vec::new(),
            account: true,
        }
    }

    /// Address without a slash at the end, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> &str {
        &self.base
    }

    /// Acts as the first account (or as nobody, when that was left to the test).
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Acts as nobody.
    pub fn stranger(&self) -> Client {
        Client::new(self.base.clone())
    }

    /// Address of its PostgreSQL database, unless its rows are in SQLite.
    pub fn database_url(&self) -> Option<&str> {
        self.database.as_deref().map(TestDatabase::url)
    }

    /// Its data directory.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// What it wrote to its standard output and error so far, over all starts.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Its process, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Registers an account from loopback and acts as it.
    pub async fn register(&self, email: &str) -> Client {
        let stranger = self.stranger();
        let body = json!({"email": email, "password": PASSWORD, "name": "Ada", "session": "token"});
        let session = stranger.post("/auth/register", &body, 201).await;
        let token = session["access_token"].as_str().expect("an access token");
        stranger.with_token(token)
    }

    /// Acts as the first account by an API key, which outlives sessions and jumps of the clock.
    pub async fn keyed(&self) -> Client {
        let body = json!({"name": "key"});
        let made = self.client.post("/me/keys", &body, 201).await;
        self.client.with_token(made["key"].as_str().expect("a key"))
    }

    /// Ends it as a power cut would: SIGKILL, no clean-up.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("SIGKILL");
            child.wait().expect("the killed process");
        }
    }

    /// Asks it to end (SIGTERM) and waits; whether it ended with exit code 0.
    pub async fn stop(&mut self) -> bool {
        let Some(mut child) = self.child.take() else {
            return true;
        };
        rustix::process::kill_process(
            rustix::process::Pid::from_child(&child),
            rustix::process::Signal::TERM,
        )
        .expect("SIGTERM");
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = child.try_wait().expect("the stopping process") {
                return status.success();
            }
            if Instant::now() > deadline {
                child.kill().expect("SIGKILL");
                child.wait().expect("the killed process");
                panic!("the vault did not stop on SIGTERM:\n{}", self.log());
            }
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// Starts it again on the same data directory and address, and waits until it is ready.
    pub async fn restart(&mut self) {
        self.kill();
        self.spawn();
        assert!(
            self.becomes_ready().await,
            "the vault did not come back:\n{}",
            self.log()
        );
    }

    /// Sets a variable for later starts.
    pub fn set_env(&mut self, name: &str, value: impl Into<String>) {
        self.environment.push((name.to_owned(), value.into()));
    }

    /// Runs a command of the binary with this vault's settings, not as a server.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(args);
        self.equip(&mut command);
        command
    }

    fn server(&self) -> Command {
        let Some((program, rest)) = self.wrapper.split_first() else {
            return self.command(&["serve"]);
        };
        let mut command = Command::new(program);
        command.args(rest).arg(&self.binary).arg("serve");
        self.equip(&mut command);
        command
    }

    fn equip(&self, command: &mut Command) {
        command
            .env("MEDIAVAULT_DATA_DIR", &self.data_dir)
            .env("MEDIAVAULT_LISTEN", self.address.to_string())
            .env("MEDIAVAULT_PUBLIC_URL", &self.base)
            // Tests are quicker than any client; those about limits set their own.
            .env("MEDIAVAULT_RATE_LIMIT", "off")
            .env("XDG_CONFIG_HOME", self.data_dir.with_file_name("config"));
        if let Some(database) = &self.database {
            command.env("MEDIAVAULT_DATABASE_URL", database.url());
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
    }

    fn spawn(&mut self) {
        let log = || -> File {
            let opened = OpenOptions::new().create(true).append(true).open(&self.log);
            opened.expect("the server's log")
        };
        self.told = self.log().len();
        let child = self
            .server()
            .stdin(Stdio::null())
            .stdout(log())
            .stderr(log())
            .spawn();
        self.child =
            Some(child.unwrap_or_else(|error| panic!("{}: {error}", self.binary.display())));
    }

    /// Waits for `/health/ready`; false when the process ended first.
    async fn becomes_ready(&mut self) -> bool {
        let stranger = self.stranger();
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Ok(answer) = stranger
                .http()
                .get(format!("{}/health/ready", self.base))
                .send()
                .await
                && answer.status().is_success()
                && self.log()[self.told..].contains(RUNNING)
            {
                return true;
            }
            let child = self.child.as_mut().expect("a child was spawned");
            if child.try_wait().expect("the starting process").is_some() {
                self.child = None;
                return false;
            }
            tokio::time::sleep(GLANCE).await;
        }
        panic!("the vault was not ready in time:\n{}", self.log());
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // Already gone is as good: there is nobody to tell.
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            eprintln!(
                "── last lines of the vault\n{}",
                lines[lines.len().saturating_sub(40)..].join("\n")
            );
        }
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
