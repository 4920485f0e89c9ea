//! A throw-away PostgreSQL cluster on a free loopback port.
//!
//! A shell script is the server's parent. It waits for the lock on `in-use`, which every user of the
//! cluster holds; when the last one is gone (ended, crashed, killed), it stops the server and removes
//! the directory. So nothing is left behind, however a test run ends.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::{GLANCE, PATIENCE};

const INSTALL: &str = "PostgreSQL's programs are needed for the tests: apt-get install postgresql \
                       (or set MEDIAVAULT_TEST_POSTGRES=postgres://… to a server where databases may be created)";

/// `$1`: the programs' directory, `$2`: ours, `$3`: port, `$4`: seconds to outlive the last user,
/// `$5`: whether commits are synced.
const KEEPER: &str = r#"
"$1/postgres" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c max_connections=400 -c shared_buffers=64MB -c fsync="$5" -c full_page_writes="$5" >"$2/log" 2>&1 &
exec 9<>"$2/in-use"
while :; do
    flock 9
    flock -u 9
    sleep "$4"
    flock -n 9 && break
done
kill -QUIT $!
wait
rm -rf "$2"
"#;

/// How a cluster is run.
#[derive(Debug, Clone, Copy)]
struct Manner {
    /// Seconds to wait for the next user after the last one.
    idle: &'static str,
    /// `on` or `off`: whether a commit survives a power cut.
    sync: &'static str,
}

/// For one command that runs everything.
const OWN: Manner = Manner {
    idle: "0",
    sync: "off",
};
/// For test processes that come and go.
const SHARED: Manner = Manner {
    idle: "15",
    sync: "off",
};
/// For figures that mean something.
const DURABLE: Manner = Manner {
    idle: "0",
    sync: "on",
};

/// A running cluster, for as long as this value lives.
#[derive(Debug)]
pub struct Cluster {
    url: String,
    dir: PathBuf,
    port: u16,
    manner: Manner,
    _in_use: File,
}

impl Cluster {
    /// Starts a cluster of one's own: for a command that runs all tests and sets
    /// [`VARIABLE`](super::VARIABLE) to its URL.
    ///
    /// # Errors
    /// Why not, and what to install.
    pub fn start() -> Result<Self, String> {
        Self::start_as(OWN)
    }

    /// Starts a cluster that syncs its commits, as a real one does: for benches.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn start_durable() -> Result<Self, String> {
        Self::start_as(DURABLE)
    }

    fn start_as(manner: Manner) -> Result<Self, String> {
        let dir = tempfile::Builder::new()
            .prefix("mediavault-postgres-")
            .tempdir()
            .map_err(|error| error.to_string())?
            .keep();
        launch(&dir, manner)
    }

    /// Joins the cluster that other test processes of this user share, or starts it.
    pub(super) fn shared() -> Result<Self, String> {
        let user = rustix::process::geteuid().as_raw();
        let dir = std::env::temp_dir().join(format!("mediavault-test-postgres-{user}"));
        let door = File::create(dir.with_extension("lock")).map_err(|error| error.to_string())?;
        door.lock().map_err(|error| error.to_string())?;
        match join(&dir) {
            Some(cluster) => Ok(cluster),
            None => launch(&dir, SHARED),
        }
    }

    /// `postgres://postgres@127.0.0.1:PORT/postgres`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends the server at once, as a crash would; [`Cluster::resume`] brings it back.
    ///
    /// # Errors
    /// It does not run, or does not end.
    pub fn stop(&self) -> Result<(), String> {
        let lock = self.dir.join("data/postmaster.pid");
        let text =
            fs::read_to_string(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
        let pid = text.lines().next().and_then(|line| line.parse().ok());
        let pid = pid
            .and_then(rustix::process::Pid::from_raw)
            .ok_or("postmaster.pid holds no number")?;
        rustix::process::kill_process(pid, rustix::process::Signal::QUIT)
            .map_err(|error| error.to_string())?;
        let started = Instant::now();
        while lock.exists() {
            if started.elapsed() > PATIENCE {
                return Err("PostgreSQL did not end in time".to_owned());
            }
            std::thread::sleep(GLANCE);
        }
        Ok(())
    }

    /// Starts the server again, with the same data on the same port.
    ///
    /// # Errors
    /// Why it did not start.
    pub fn resume(&self) -> Result<(), String> {
        // What the last one said must not be taken for this one's.
        fs::remove_file(self.dir.join("log")).map_err(|error| error.to_string())?;
        let postgres = program("postgres")?;
        let programs = postgres.parent().ok_or("postgres lies nowhere")?;
        keep(
            &Account::find()?,
            programs,
            &self.dir,
            self.port,
            self.manner,
        )?;
        wait_until_ready(programs, &self.dir, self.port)
    }
}

/// A program of the newest PostgreSQL that Debian's or another usual directory holds.
pub(super) fn program(name: &str) -> Result<PathBuf, String> {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    versions.sort_by_key(|path| {
        path.file_name()
            .and_then(|name| name.to_str()?.parse::<u32>().ok())
    });
    let mut places: Vec<PathBuf> = versions.iter().rev().map(|path| path.join("bin")).collect();
    places.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    places
        .into_iter()
        .map(|place| place.join(name))
        .find(|path| path.is_file())
        .ok_or_else(|| format!("there is no {name}. {INSTALL}"))
}

/// The cluster in `dir`, if it is alive.
fn join(dir: &Path) -> Option<Cluster> {
    let in_use = File::open(dir.join("in-use")).ok()?;
    in_use.lock_shared().ok()?;
    // Its keeper may have been about to end it: then the directory is gone now.
    let url = fs::read_to_string(dir.join("url")).ok()?;
    let (_, port) = url.strip_suffix("/postgres")?.rsplit_once(':')?;
    Some(Cluster {
        port: port.parse().ok()?,
        url,
        dir: dir.to_owned(),
        manner: SHARED,
        _in_use: in_use,
    })
}

fn launch(dir: &Path, manner: Manner) -> Result<Cluster, String> {
    // Somebody may take the free port between our look and the server's: then once more.
    let mut last = String::new();
    for _ in 0..4 {
        match try_launch(dir, manner) {
            Ok(cluster) => return Ok(cluster),
            Err(why) => last = why,
        }
    }
    Err(last)
}

fn try_launch(dir: &Path, manner: Manner) -> Result<Cluster, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", dir.display());
    let postgres = program("postgres")?;
    let programs = postgres.parent().ok_or("postgres lies nowhere")?;
    if dir.exists() {
        fs::remove_dir_all(dir).map_err(failed)?;
    }
    fs::create_dir_all(dir).map_err(failed)?;
    let in_use = File::create(dir.join("in-use")).map_err(failed)?;
    in_use.lock_shared().map_err(failed)?;
    let user = Account::find()?;
    user.own(dir)?;
    user.own(&dir.join("in-use"))?;

    let output = user
        .command(&programs.join("initdb"))
        .args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            "-D",
        ])
        .arg(dir.join("data"))
        .output()
        .map_err(failed)?;
    if !output.status.success() {
        return Err(format!(
            "initdb: {}",
            String::from_utf8_lossy(&output.stderr)
        ));
    }

    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map_err(failed)?
        .port();
    keep(&user, programs, dir, port, manner)?;
    wait_until_ready(programs, dir, port)?;
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    fs::write(dir.join("url"), &url).map_err(failed)?;
    Ok(Cluster {
        url,
        dir: dir.to_owned(),
        port,
        manner,
        _in_use: in_use,
    })
}

/// Starts the server under its keeper.
fn keep(
    user: &Account,
    programs: &Path,
    dir: &Path,
    port: u16,
    manner: Manner,
) -> Result<(), String> {
    user.command(Path::new("/bin/sh"))
        .args(["-c", KEEPER, "keeper"])
        .args([programs, dir])
        .args([&port.to_string(), manner.idle, manner.sync])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map(drop)
        .map_err(|error| format!("{}: {error}", dir.display()))
}

fn wait_until_ready(programs: &Path, dir: &Path, port: u16) -> Result<(), String> {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let log = fs::read_to_string(dir.join("log")).unwrap_or_default();
        if log.contains("FATAL:  could not") {
            return Err(format!("PostgreSQL did not start: {log}"));
        }
        let ready = log.contains("ready to accept connections")
            && Command::new(programs.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])
                .status()
                .is_ok_and(|status| status.success());
        if ready {
            return Ok(());
        }
        std::thread::sleep(GLANCE);
    }
    Err("PostgreSQL did not start in time".to_owned())
}

/// Who runs the server: it refuses to be root.
struct Account(Option<(u32, u32)>);

impl Account {
    fn find() -> Result<Self, String> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self(None));
        }
        let users = fs::read_to_string("/etc/passwd").map_err(|error| error.to_string())?;
        let ids = users
            .lines()
            .map(|line| line.split(':').collect::<Vec<_>>())
            .find(|fields| fields.first() == Some(&"postgres"))
            .and_then(|fields| Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?)));
        match ids {
            Some(ids) => Ok(Self(Some(ids))),
            None => Err(format!(
                "there is no user postgres, and PostgreSQL refuses to run as root. {INSTALL}"
            )),
        }
    }

    fn own(&self, path: &Path) -> Result<(), String> {
        match self.0 {
            Some((user, group)) => chown(path, Some(user), Some(group))
                .map_err(|error| format!("{}: {error}", path.display())),
            None => Ok(()),
        }
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some((user, group)) = self.0 {
            command.uid(user).gid(group);
        }
        command.current_dir("/");
        command
    }
}
