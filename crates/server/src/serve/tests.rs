use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::serve;
use crate::config::Config;

struct Server {
    address: SocketAddr,
    shutdown: CancellationToken,
    running: JoinHandle<std::io::Result<()>>,
}

async fn start(router: Router, change: impl FnOnce(&mut Config)) -> Server {
    start_until(CancellationToken::new(), router, change).await
}

async fn start_until(
    shutdown: CancellationToken,
    router: Router,
    change: impl FnOnce(&mut Config),
) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let mut config = Config::default();
    change(&mut config);
    let token = shutdown.clone();
    let running = tokio::spawn(async move { serve(listener, router, &config, token).await });
    Server {
        address,
        shutdown,
        running,
    }
}

/// Sends text and reads until the server closes.
async fn talk(address: SocketAddr, text: &str) -> String {
    let mut socket = TcpStream::connect(address).await.expect("a connection");
    socket.write_all(text.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

const GET: &str = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn handlers_know_the_peer() {
    let router = Router::new().route(
        "/",
        get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }),
    );
    let server = start(router, |_| {}).await;
    assert!(talk(server.address, GET).await.ends_with("127.0.0.1"));
}

#[tokio::test]
async fn slow_headers_are_not_waited_for() {
    let router = Router::new().route("/", get(|| async { "fine" }));
    let server = start(router, |config| config.header_seconds = 1).await;
    // Half a request, then nothing: the server hangs up by itself.
    let answer = talk(server.address, "GET / HTTP/1.1\r\nHost: x\r\n").await;
    assert!(!answer.contains("fine"));
}

#[tokio::test]
async fn headers_that_trickle_are_not_waited_for() {
    let router = Router::new().route("/", get(|| async { "fine" }));
    let server = start(router, |config| config.header_seconds = 1).await;
    let mut socket = TcpStream::connect(server.address)
        .await
        .expect("a connection");
    let (mut reader, mut writer) = socket.split();
    let trickle = async {
        writer
            .write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
            .await
            .expect("sent");
        // Until the server hangs up.
        while writer.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let mut answer = Vec::new();
    tokio::select! {
        () = trickle => {}
        read = reader.read_to_end(&mut answer) => drop(read),
    }
    assert!(!String::from_utf8_lossy(&answer).contains("fine"));
}

#[tokio::test]
async fn who_says_nothing_is_let_go() {
    let router = Router::new().route("/", get(|| async { "fine" }));
    let server = start(router, |config| {
        config.header_seconds = 1;
        config.idle_seconds = 1;
    })
    .await;
    let h2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0";
    for beginning in ["", "PRI * HT", h2, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"] {
        // `talk` reads until the server closes.
        talk(server.address, beginning).await;
    }
}

#[tokio::test]
async fn a_slow_reader_gets_the_whole_answer() {
    const BYTES: usize = 12 << 20;
    let router = Router::new().route("/", get(|| async { vec![7; BYTES] }));
    let server = start(router, |config| {
        config.header_seconds = 1;
        config.idle_seconds = 2;
    })
    .await;
    let mut socket = TcpStream::connect(server.address)
        .await
        .expect("a connection");
    socket
        .write_all(GET.replace("close", "keep-alive").as_bytes())
        .await
        .expect("sent");
    let mut got = 0;
    let mut buffer = vec![0; 64 * 1024];
    // Four seconds for all: more than either patience, and never a silence of that length.
    while got < BYTES {
        let read = socket.read(&mut buffer).await.expect("more of it");
        assert_ne!(read, 0, "cut after {got} bytes");
        got += read;
        tokio::time::sleep(Duration::from_micros(300 * read as u64 / 1024)).await;
    }
}

#[tokio::test]
async fn one_address_cannot_take_all_connections() {
    let router = Router::new().route("/", get(|| async { "fine" }));
    let server = start(router, |config| {
        config.max_connections_per_address = 2;
        config.spared = Vec::new();
    })
    .await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut socket = TcpStream::connect(server.address)
            .await
            .expect("a connection");
        socket
            .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .expect("sent");
        let mut seen = [0; 12];
        socket.read_exact(&mut seen).await.expect("an answer");
        held.push(socket);
    }
    let mut third = TcpStream::connect(server.address)
        .await
        .expect("the kernel accepts");
    let mut answer = Vec::new();
    // Closed at once, with or without a reset.
    let _ = third.read_to_end(&mut answer).await;
    assert!(answer.is_empty());
    drop(held);
    loop {
        let mut again = TcpStream::connect(server.address)
            .await
            .expect("a connection");
        let mut answer = String::new();
        let sent = again.write_all(GET.as_bytes()).await;
        // The server learns of the closed ones in its own time.
        if sent.is_ok() && again.read_to_string(&mut answer).await.is_ok() && !answer.is_empty() {
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn garbage_is_answered_or_dropped_and_harms_nobody() {
    let router = Router::new().route("/", get(|| async { "fine" }));
    let server = start(router, |_| {}).await;
    for garbage in [
        "\r\n\r\n\0\0\0\0",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: nonsense\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\r\n\r\n",
    ] {
        let answer = talk(server.address, garbage).await;
        assert!(!answer.contains("HTTP/1.1 5"), "{garbage:?}: {answer}");
    }
    assert!(talk(server.address, GET).await.ends_with("fine"));
}

#[tokio::test]
async fn running_requests_end_before_the_server_does() {
    let (started, mut has_started) = mpsc::channel::<()>(1);
    let shutdown = CancellationToken::new();
    let stopping = shutdown.clone();
    let handler = move |body: Bytes| async move {
        started.send(()).await.expect("the test listens");
        stopping.cancelled().await;
        body
    };
    let router = Router::new().route("/", post(handler));
    let server = start_until(shutdown, router, |_| {}).await;
    let request = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody";
    let asked = tokio::spawn(talk(server.address, request));
    has_started.recv().await.expect("the request runs");
    server.shutdown.cancel();
    assert!(asked.await.expect("no panic").ends_with("body"));
    server
        .running
        .await
        .expect("no panic")
        .expect("a clean end");
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn connections_over_the_limit_wait() {
    let router = Router::new().route("/", get(|| async { "fine" }));
    let server = start(router, |config| config.max_connections = 1).await;
    let mut first = TcpStream::connect(server.address)
        .await
        .expect("a connection");
    first
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .expect("sent");
    let mut seen = [0; 12];
    first.read_exact(&mut seen).await.expect("an answer");
    let second = tokio::spawn(talk(server.address, GET));
    tokio::task::yield_now().await;
    drop(first);
    assert!(second.await.expect("no panic").ends_with("fine"));
}

#[tokio::test]
async fn who_takes_nothing_is_let_go() {
    let (held, mut let_go) = mpsc::channel::<()>(1);
    let handler = move || {
        let held = held.clone();
        // As long as the stream lives, it holds a sender; nothing is ever sent.
        let endless = futures::stream::repeat_with(move || {
            let _ = &held;
            Ok::<_, std::convert::Infallible>(Bytes::from_static(&[0; 65_536]))
        });
        async move { axum::body::Body::from_stream(endless) }
    };
    let router = Router::new().route("/", get(handler));
    let server = start(router, |config| config.idle_seconds = 1).await;
    let mut socket = TcpStream::connect(server.address)
        .await
        .expect("a connection");
    socket.write_all(GET.as_bytes()).await.expect("sent");
    socket.readable().await.expect("the answer begins");
    server.shutdown.cancel();
    // Shutdown waits for the request, so only the kernel can end it.
    server
        .running
        .await
        .expect("no panic")
        .expect("a clean end");
    assert_eq!(
        let_go.recv().await,
        None,
        "the stream is gone, and the router with it"
    );
}
