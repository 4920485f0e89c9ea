//! moto's server (PyPI, `scripts/setup test` installs it), shared by the test processes of one user.
//!
//! As with PostgreSQL, a shell script is the server's parent and waits for the lock that every user
//! holds; when the last one is gone it ends the server.

use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::{GLANCE, PATIENCE};

/// Also named in `scripts/setup`.
const VERSION: &str = "5.2.5";

const INSTALL: &str = "moto is needed for the tests: scripts/setup test \
                       (or set MEDIAVAULT_TEST_S3=http://KEY:SECRET@HOST:PORT to a server of S3)";

/// `$1`: the program, `$2`: our directory, `$3`: port, `$4`: seconds to outlive the last user.
const KEEPER: &str = r#"
"$1" -H 127.0.0.1 -p "$3" >"$2/log" 2>&1 &
exec 9<>"$2/in-use"
while :; do
    flock 9
    flock -u 9
    sleep "$4"
    flock -n 9 && break
done
kill $!
wait
rm -rf "$2"
"#;

/// A running server, for as long as this value lives.
#[derive(Debug)]
pub struct Server {
    url: String,
    _in_use: File,
}

impl Server {
    /// Joins the server that other test processes of this user share, or starts it.
    pub fn shared() -> Result<Self, String> {
        let user = rustix::process::geteuid().as_raw();
        let dir = std::env::temp_dir().join(format!("mediavault-test-s3-{user}"));
        let door = File::create(dir.with_extension("lock")).map_err(|error| error.to_string())?;
        door.lock().map_err(|error| error.to_string())?;
        if let Some(server) = join(&dir) {
            return Ok(server);
        }
        // Somebody may take the free port between our look and the server's: then once more.
        let mut last = String::new();
        for _ in 0..4 {
            match launch(&dir) {
                Ok(server) => return Ok(server),
                Err(why) => last = why,
            }
        }
        Err(last)
    }

    /// `http://KEY:SECRET@127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// The server of `dir`, if it is alive.
fn join(dir: &Path) -> Option<Server> {
    let in_use = File::open(dir.join("in-use")).ok()?;
    in_use.lock_shared().ok()?;
    // Its keeper may have been about to end it: then the directory is gone now.
    let url = fs::read_to_string(dir.join("url")).ok()?;
    Some(Server {
        url,
        _in_use: in_use,
    })
}

fn launch(dir: &Path) -> Result<Server, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", dir.display());
    let program = program()?;
    if dir.exists() {
        fs::remove_dir_all(dir).map_err(failed)?;
    }
    fs::create_dir_all(dir).map_err(failed)?;
    let in_use = File::create(dir.join("in-use")).map_err(failed)?;
    in_use.lock_shared().map_err(failed)?;
    let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map_err(failed)?;
    Command::new("/bin/sh")
        .args(["-c", KEEPER, "keeper"])
        .args([program.as_path(), dir])
        .args([&address.port().to_string(), "15"])
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(failed)?;
    wait_until_ready(dir, address)?;
    let url = format!("http://test:secret@{address}");
    fs::write(dir.join("url"), &url).map_err(failed)?;
    Ok(Server {
        url,
        _in_use: in_use,
    })
}

fn wait_until_ready(dir: &Path, address: SocketAddr) -> Result<(), String> {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        let log = fs::read_to_string(dir.join("log")).unwrap_or_default();
        if log.contains("Traceback") || log.contains("in use") {
            return Err(format!("moto did not start: {log}"));
        }
        if log.contains("Running on") && TcpStream::connect(address).is_ok() {
            return Ok(());
        }
        std::thread::sleep(GLANCE);
    }
    Err("moto did not start in time".to_owned())
}

/// Where `scripts/setup` put it, or on the path.
fn program() -> Result<PathBuf, String> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache"));
    let installed = cache.or_else(home).map(|cache| {
        cache
            .join("mediavault")
            .join(format!("moto-{VERSION}"))
            .join("bin")
    });
    let path = std::env::var_os("PATH").unwrap_or_default();
    installed
        .into_iter()
        .chain(std::env::split_paths(&path))
        .map(|place| place.join("moto_server"))
        .find(|path| path.is_file())
        .ok_or_else(|| format!("there is no moto_server. {INSTALL}"))
}
