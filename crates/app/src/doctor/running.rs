//! Whether a vault runs on this data directory, and whether it says it is ready.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use catalog::DataDirLock;

use super::Finding;
use crate::config::Config;

const SUBJECT: &str = "vault";

/// A vault that is well answers within this.
const PATIENCE: Duration = Duration::from_secs(5);

pub async fn look(config: &Config) -> Finding {
    if !config.data_dir.join("lock").exists() {
        return Finding::fine(SUBJECT, "not running");
    }
    match DataDirLock::acquire(&config.data_dir) {
        Ok(_free) => port(config.listen),
        Err(catalog::Error::InUse(_)) => ready(config).await,
        Err(error) => Finding::broken(SUBJECT, error.to_string(), "see the data directory above"),
    }
}

/// It does not run; could it listen?
fn port(listen: SocketAddr) -> Finding {
    match std::net::TcpListener::bind(listen) {
        Ok(_) => Finding::fine(SUBJECT, format!("not running; {listen} is free")),
        Err(error) => Finding::broken(
            SUBJECT,
            format!("not running, and it could not listen on {listen}: {error}"),
            "end the program that uses this address, or set listen to another one",
        ),
    }
}

async fn ready(config: &Config) -> Finding {
    let address = format!("http://{}/health/ready", reachable(config.listen));
    let asked = async {
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .build()?;
        http.get(&address).send().await
    };
    match asked.await {
        Ok(answer) if answer.status().is_success() => Finding::fine(SUBJECT, "running and ready"),
        Ok(answer) => {
            let words = format!(
                "running, but not ready ({} from {address})",
                answer.status()
            );
            Finding::broken(SUBJECT, words, "its log says what it waits for")
        }
        Err(error) => {
            let words = format!(
                "another process works on the data directory, and {address} does not answer: {error}"
            );
            Finding::broken(SUBJECT, words, "look for it with: fuser -v DATA_DIR/lock")
        }
    }
}

/// The address under which a listener is reached from the machine itself.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
