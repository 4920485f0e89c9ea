//! Puts the router on a listener: HTTP/1.1 and HTTP/2, with patience for nobody's slow headers,
//! and a shutdown that lets running requests end.

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use rustix::net::sockopt::set_tcp_user_timeout;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::config::Config;

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
    let builder = connection_builder(config);
    let places = Arc::new(Semaphore::new(config.max_connections));
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
        let connection = one(
            stream,
            peer,
            builder.clone(),
            router.clone(),
            shutdown.clone(),
        );
        connections.spawn(async move {
            connection.await;
            drop(place);
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

fn connection_builder(config: &Config) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(config.header_timeout());
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(config.idle_timeout()))
        .max_concurrent_streams(256);
    builder
}

async fn one(
    stream: TcpStream,
    peer: SocketAddr,
    builder: Builder<TokioExecutor>,
    router: Router,
    shutdown: CancellationToken,
) {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request)
    });
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let mut draining = false;
    loop {
        tokio::select! {
            result = connection.as_mut() => {
                if let Err(error) = result {
                    tracing::debug!(error = &*error, %peer, "a connection ended early");
                }
                return;
            }
            () = shutdown.cancelled(), if !draining => {
                draining = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}
