//! One connection, from its first byte to its end.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::activity::{Activity, Silence};
use super::socket::Socket;
use crate::config::Config;

/// Time between an HTTP/2 client being told to go and its connection being cut.
const FAREWELL: Duration = Duration::from_secs(5);

/// Bytes of an answer that wait for one HTTP/2 stream's window.
const SEND_BUFFER: usize = 128 * 1024;

/// How every connection is served.
pub(super) struct Connections {
    builder: Builder<TokioExecutor>,
    router: Router,
    silence: Silence,
}

impl Connections {
    pub(super) fn new(router: Router, config: &Config) -> Self {
        Self {
            builder: builder(config),
            router,
            silence: Silence {
                head: config.header_timeout(),
                idle: config.idle_timeout(),
            },
        }
    }

    /// Serves one until it ends, is idle for too long, or running requests have ended after
    /// `shutdown`.
    pub(super) fn one(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        shutdown: CancellationToken,
    ) -> impl Future<Output = ()> + Send + use<> {
        let (builder, silence) = (self.builder.clone(), self.silence);
        let activity = Activity::new();
        let service = service(self.router.clone(), peer, activity.clone());
        let socket = TokioIo::new(Socket {
            stream,
            activity: activity.clone(),
        });
        async move {
            let connection = builder.serve_connection_with_upgrades(socket, service_fn(service));
            tokio::pin!(connection);
            let mut draining = false;
            let mut told_to_go = false;
            let mut look_at = Instant::now() + silence.head;
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
                    () = sleep_until(look_at) => {
                        let now = Instant::now();
                        let deadline = activity.deadline(silence).map(Instant::from_std);
                        if deadline.is_none_or(|deadline| deadline > now) {
                            // It may become the client's turn in the meantime, hence not never.
                            look_at = deadline.unwrap_or(now + silence.head).min(now + silence.head);
                        } else if told_to_go {
                            tracing::debug!(%peer, "a silent connection was cut");
                            return;
                        } else {
                            told_to_go = true;
                            connection.as_mut().graceful_shutdown();
                            look_at = now + FAREWELL.min(silence.head);
                        }
                    }
                }
            }
        }
    }
}

fn builder(config: &Config) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        // Silence is our own to measure: hyper would also count the time that a slow client takes
        // for the rest of the answer before.
        .header_read_timeout(None::<Duration>)
        .max_headers(config.max_headers)
        .max_buf_size(config.max_head_bytes().next_power_of_two());
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(config.idle_timeout()))
        .max_header_list_size(u32::try_from(config.max_head_bytes()).unwrap_or(u32::MAX))
        .max_send_buf_size(SEND_BUFFER)
        .max_concurrent_streams(config.max_streams);
    builder
}

/// Answers the requests of one connection.
fn service(
    router: Router,
    peer: SocketAddr,
    activity: Activity,
) -> impl Fn(Request<Incoming>) -> Answering + Clone {
    move |request| {
        let running = activity.begin(request.version() == Version::HTTP_2);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.clone().oneshot(request);
        Box::pin(async move {
            answer
                .await
                .map(|answer| answer.map(|body| running.answer(body)))
        })
    }
}

type Answering = std::pin::Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;
