//! Puts the router on a listener: HTTP/1.1 and HTTP/2, with patience for nobody who holds a
//! connection without using it, and a shutdown that lets running requests end.

mod activity;
mod connection;
mod socket;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use identity::neighbourhood;
use rustix::net::sockopt::set_tcp_user_timeout;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::limits::Crowd;
use connection::Connections;

/// How long running requests may take to end once shutdown began. Uploads that take longer are cut;
/// nothing was acknowledged, and the client sends again.
const DRAIN: Duration = Duration::from_secs(20);

/// Pause after a failed accept: most likely there are no file descriptors just now.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `shutdown` is cancelled, then drains.
///
/// # Errors
/// None of a single connection; only a listener that cannot be used at all.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    config: &Config,
    shutdown: CancellationToken,
) -> std::io::Result<()> {
    let serving = Connections::new(router, config);
    let places = Arc::new(Semaphore::new(config.max_connections));
    let addresses = Crowd::default();
    let connections = TaskTracker::new();
    listener.local_addr()?;
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place.map_err(std::io::Error::other)?,
            () = shutdown.cancelled() => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
            () = shutdown.cancelled() => break,
        };
        if let Err(error) = settle(&stream, config) {
            tracing::debug!(%error, "a connection vanished at once");
            continue;
        }
        let address = neighbourhood(peer.ip());
        let most = match config.counts(peer.ip().to_canonical()) {
            true => config.max_connections_per_address,
            false => config.max_connections,
        };
        let Some(of_address) = addresses.enter(address, most) else {
            tracing::debug!(%address, "has too many connections");
            continue;
        };
        let connection = serving.one(stream, peer, shutdown.clone());
        connections.spawn(async move {
            connection.await;
            drop((place, of_address));
        });
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(DRAIN, connections.wait())
        .await
        .is_err()
    {
        tracing::warn!(left = connections.len(), "connections were cut at shutdown");
    }
    Ok(())
}

/// Answers at once, and gives up on a client that takes nothing of its answer for as long as one
/// may send nothing of its request: the kernel ends the connection (tcp(7), `TCP_USER_TIMEOUT`). A
/// player that was paused that long asks again, for the rest.
fn settle(stream: &TcpStream, config: &Config) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let millis = u32::from(config.idle_seconds) * 1000;
    set_tcp_user_timeout(stream, millis)?;
    Ok(())
}
