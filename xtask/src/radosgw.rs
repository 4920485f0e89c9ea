//! Runs a command beside a store of Ceph: the most real S3 there is to be had as a package. One
//! monitor, one storage daemon that keeps everything in memory, one gateway, on free loopback ports,
//! in a directory that is gone afterwards. It takes root, as Ceph's daemons do, and some 200 MB of
//! memory; the packages (70 MB to load) are installed when they are missing.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, bail};
use testkit::s3::VARIABLE;
use testkit::{GLANCE, PATIENCE};

const PACKAGES: &[&str] = &["radosgw", "ceph-mon", "ceph-osd", "ceph-common"];

const KEY: &str = "integration";
const SECRET: &str = "of-the-gateway-of-ceph";

/// Identifies the cluster; there is never a second one beside it.
const CLUSTER: &str = "3f5b9a52-1f2e-4c57-9a55-8f6f0d5b6c01";

/// Gives the command's own exit code.
pub fn run(program: &str, args: &[&str]) -> anyhow::Result<ExitCode> {
    install()?;
    let gateway = Gateway::start()?;
    let mut command = Command::new(program);
    command.args(args).env(VARIABLE, gateway.url());
    crate::forget_cargo(&mut command);
    let ended = command.status().with_context(|| program.to_owned())?;
    let code = ended.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}

fn install() -> anyhow::Result<()> {
    let there = |program: &&str| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
    };
    if ["radosgw", "ceph-mon", "ceph-osd", "radosgw-admin"]
        .iter()
        .all(there)
    {
        return Ok(());
    }
    eprintln!("Installing: {}", PACKAGES.join(" "));
    let apt = |args: &[&str]| {
        Command::new("apt-get")
            .args(args)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(Stdio::null())
            .status()
    };
    let mut args = vec!["install", "-y", "-q", "--no-install-recommends"];
    args.extend(PACKAGES);
    if apt(&args).is_ok_and(|ended| ended.success()) {
        return Ok(());
    }
    apt(&["update", "-q"]).context("apt-get")?;
    match apt(&args).context("apt-get")?.success() {
        true => Ok(()),
        false => bail!("{} could not be installed", PACKAGES.join(", ")),
    }
}

/// A running cluster; ended, and its directory removed, when dropped.
struct Gateway {
    dir: tempfile::TempDir,
    port: u16,
    daemons: Vec<Child>,
}

impl Gateway {
    fn start() -> anyhow::Result<Self> {
        let dir = tempfile::Builder::new()
            .prefix("mediavault-ceph-")
            .tempdir()?;
        let (monitor, port) = (free_port()?, free_port()?);
        fs::write(
            dir.path().join("ceph.conf"),
            settings(dir.path(), monitor, port),
        )?;
        for folder in ["run", "log", "mon", "osd"] {
            fs::create_dir(dir.path().join(folder))?;
        }
        let mut gateway = Self {
            dir,
            port,
            daemons: Vec::new(),
        };
        gateway.once("ceph-mon", &["--mkfs", "-i", "a", "--fsid", CLUSTER])?;
        gateway.daemon("ceph-mon", &["-i", "a"])?;
        gateway.once("ceph", &["osd", "create"])?;
        gateway.once("ceph-osd", &["-i", "0", "--mkfs"])?;
        gateway.daemon("ceph-osd", &["-i", "0"])?;
        let add = [
            "osd",
            "crush",
            "add",
            "osd.0",
            "1.0",
            "host=h",
            "root=default",
        ];
        gateway.once("ceph", &add)?;
        gateway.daemon("radosgw", &["-n", "client.rgw"])?;
        gateway.wait()?;
        let user = [
            "user",
            "create",
            "--uid=test",
            "--display-name=test",
            "--access-key",
            KEY,
            "--secret-key",
            SECRET,
        ];
        gateway.once("radosgw-admin", &user)?;
        Ok(gateway)
    }

    fn url(&self) -> String {
        format!("http://{KEY}:{SECRET}@127.0.0.1:{}", self.port)
    }

    fn command(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(args)
            .arg("-c")
            .arg(self.dir.path().join("ceph.conf"));
        command
    }

    fn once(&self, program: &str, args: &[&str]) -> anyhow::Result<()> {
        let output = self
            .command(program, args)
            .output()
            .context(program.to_owned())?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("{program} {}: {said}", args.join(" "));
        }
        Ok(())
    }

    fn daemon(&mut self, program: &str, args: &[&str]) -> anyhow::Result<()> {
        let log = File::create(self.dir.path().join(format!("{program}.out")))?;
        let child = self
            .command(program, args)
            .args(["-f", "--setuser", "root", "--setgroup", "root"])
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context(program.to_owned())?;
        self.daemons.push(child);
        Ok(())
    }

    fn wait(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE * 2;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            for daemon in &mut self.daemons {
                if let Some(ended) = daemon.try_wait()? {
                    let log = fs::read_to_string(self.dir.path().join("radosgw.out"));
                    bail!(
                        "a daemon of Ceph ended ({ended}): {}",
                        log.unwrap_or_default()
                    );
                }
            }
            if Instant::now() > deadline {
                bail!("the gateway of Ceph did not start in time");
            }
            std::thread::sleep(GLANCE);
        }
        Ok(())
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        for daemon in self.daemons.iter_mut().rev() {
            // Everything was in memory: there is nothing to end in order. Already gone is as good.
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}

fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

/// The older protocol between daemons, because by the newer one the gateway insists on a key.
fn settings(dir: &Path, monitor: u16, gateway: u16) -> String {
    let dir = dir.display();
    format!(
        "[global]
fsid = {CLUSTER}
mon host = [v1:127.0.0.1:{monitor}]
ms bind msgr1 = true
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
cluster addr = 127.0.0.1
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 8589934592
mon allow pool size one = true
mon data avail crit = 1
mon max pg per osd = 1000
mon data = {dir}/mon
osd data = {dir}/osd
run dir = {dir}/run
pid file = {dir}/run/$name.pid
admin socket = {dir}/run/$name.asok
log file = {dir}/log/$name.log
rgw data = {dir}/rgw
rgw frontends = beast endpoint=127.0.0.1:{gateway}
[mon.a]
public addr = v1:127.0.0.1:{monitor}
[osd]
public addr = 127.0.0.1
"
    )
}
