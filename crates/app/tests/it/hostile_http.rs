//! Requests that no client library would send, written to the socket of the real server byte by byte:
//! each is answered plainly or hung up on, none is taken for two, and the server stays what it was.

use std::time::Duration;

use futures::future::join_all;
use testkit::Vault;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::vault;

/// How long an answer may take before the server counts as hanging.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server that soon hangs up on whoever leaves it waiting.
async fn impatient() -> Vault {
    vault()
        .env("MEDIAVAULT_HEADER_SECONDS", "1")
        .env("MEDIAVAULT_IDLE_SECONDS", "2")
        .start()
        .await
}

/// What came back until the server hung up.
async fn talk(vault: &Vault, bytes: &[u8]) -> String {
    let address = vault.url().trim_start_matches("http://");
    let mut socket = TcpStream::connect(address).await.expect("a connection");
    // A server that has refused already may have closed its side.
    let _ = socket.write_all(bytes).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(PATIENCE, socket.read_to_end(&mut answer)).await;
    assert!(
        read.is_ok(),
        "no end to {:?}",
        String::from_utf8_lossy(bytes)
    );
    String::from_utf8_lossy(&answer).into_owned()
}

/// The statuses of all answers that came back.
fn statuses(answer: &str) -> Vec<u16> {
    answer
        .match_indices("HTTP/1.1 ")
        .filter_map(|(at, lead)| answer.get(at + lead.len()..)?.get(..3)?.parse().ok())
        .collect()
}

async fn is_well(vault: &Vault) {
    let answer = talk(
        vault,
        b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(!vault.log().contains("panicked"), "{}", vault.log());
}

#[tokio::test]
async fn no_request_is_taken_for_two() {
    let vault = impatient().await;
    let smuggled = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    let cases: Vec<String> = [
        "Content-Length: 5\r\nContent-Length: 44\r\n\r\n{}   ",
        "Content-Length: 5, 44\r\n\r\n{}   ",
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "Content-Length: +2\r\n\r\n{}",
        "Content-Length: -2\r\n\r\n{}",
        "Content-Length: 0x2\r\n\r\n{}",
        "Content-Length: 2 2\r\n\r\n{}",
        "Content-Length: 99999999999999999999\r\n\r\n{}",
        "Content-Length : 2\r\n\r\n{}",
        " Content-Length: 2\r\n\r\n{}",
        "X: a\r\n Content-Length: 2\r\n\r\n{}",
        "X: a\r\n\tb\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff0\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}XX0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2;\0\r\n{}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n",
        "X: a\0b\r\n\r\n",
        "X\0: a\r\n\r\n",
        "X: a\rContent-Length: 2\r\n\r\n{}",
        ": nameless\r\n\r\n",
        "no colon\r\n\r\n",
    ]
    .iter()
    .map(|rest| {
        format!(
            "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{rest}{smuggled}"
        )
    })
    .collect();
    let answers = join_all(cases.iter().map(|case| talk(&vault, case.as_bytes()))).await;
    for (case, answer) in cases.iter().zip(answers) {
        let all = statuses(&answer);
        assert!(all.iter().all(|status| *status < 500), "{case:?}: {answer}");
        let first = all.first().copied().unwrap_or(400);
        assert!((400..500).contains(&first), "{case:?}: {answer}");
        // Chunks outdo a length (RFC 9112, section 6.3), so there the body ends without doubt. Of two
        // lengths nobody knows which, and nothing after may be read as a request.
        if case.matches("Content-Length").count() > 1 {
            assert!(!all.contains(&200), "{case:?}: {answer}");
        }
    }
    is_well(&vault).await;
}

#[tokio::test]
async fn odd_first_lines_are_refused_or_harmless() {
    let vault = impatient().await;
    for line in [
        "GET /api/v1/assets\0 HTTP/1.1",
        "GET /api/v1/\u{7f}assets HTTP/1.1",
        "GET  /api/v1/me HTTP/1.1",
        "GET\t/api/v1/me\tHTTP/1.1",
        "GET /api/v1/me HTTP/1.1 more",
        "GET /api/v1/me HTTP/2.0",
        "GET /api/v1/me HTTP/0.9",
        "GET /api/v1/me",
        "get /api/v1/me HTTP/1.1",
        "\0\0\0 / HTTP/1.1",
        "GET http://user:pass@elsewhere.example/api/v1/me HTTP/1.1",
        "GET //elsewhere.example/api/v1/me HTTP/1.1",
        "GET https://[::1/api/v1/me HTTP/1.1",
        "CONNECT elsewhere.example:443 HTTP/1.1",
        "TRACE /api/v1/me HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "PRI * HTTP/1.1",
        "GET /api/v1/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd HTTP/1.1",
        "GET /api/v1/assets/..%5c..%5cetc HTTP/1.1",
        "GET /api/v1/assets/%252e%252e%252f HTTP/1.1",
        "GET /api/v1/assets/%c0%ae%c0%ae/ HTTP/1.1",
        "GET /api/v1/assets/%ed%a0%80 HTTP/1.1",
        "GET /../../../../etc/passwd HTTP/1.1",
        "GET /assets/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1",
        "GET /api/v1/shared/%00/assets HTTP/1.1",
        "GET /api/v1/shared/%0d%0aSet-Cookie:%20a=b HTTP/1.1",
        "GET /api/v1/assets?limit=1&limit=2&limit=%00 HTTP/1.1",
        "GET /api/v1/assets?%00=%00&%ff=%ff HTTP/1.1",
    ] {
        let request = format!("{line}\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = talk(&vault, request.as_bytes()).await;
        let all = statuses(&answer);
        assert!(
            all.len() <= 1 && all.iter().all(|status| *status < 500),
            "{line:?}: {answer}"
        );
        assert!(!answer.contains("root:"), "{line:?}: {answer}");
        assert!(
            !answer.to_ascii_lowercase().contains("\r\nset-cookie: a=b"),
            "{line:?}"
        );
    }
    is_well(&vault).await;
}

#[tokio::test]
async fn heads_of_absurd_size_are_refused() {
    let vault = impatient().await;
    let long = "a".repeat(33 * 1024);
    let many = (0..200)
        .map(|n| format!("X-{n}: 1\r\n"))
        .collect::<String>();
    let wide = format!("X: {}\r\n", "a".repeat(70 * 1024));
    let endless = format!("X: {}\r\n", "a".repeat(4 << 20));
    for (status, line, headers) in [
        (414, format!("/api/v1/assets?q={long}"), ""),
        (414, format!("/{}", "a".repeat(70_000)), ""),
        (431, "/api/v1/assets".to_owned(), many.as_str()),
        (431, "/api/v1/assets".to_owned(), wide.as_str()),
        (431, "/api/v1/assets".to_owned(), endless.as_str()),
    ] {
        let request =
            format!("GET {line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
        let answer = talk(&vault, request.as_bytes()).await;
        let told = statuses(&answer);
        // A head that is longer than what is read of it may be cut off while we still send.
        assert!(
            told.is_empty() || told == [status],
            "{status}: {answer:.200}"
        );
        assert!(
            !told.is_empty() || headers.len() > 1 << 20,
            "{status} is told"
        );
    }
    is_well(&vault).await;
}

#[tokio::test]
async fn nothing_is_unpacked() {
    let vault = vault().start().await;
    for (encoding, status) in [
        ("gzip", 415),
        ("br", 415),
        ("identity, gzip", 415),
        ("identity", 400),
    ] {
        let request = format!(
            "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
             Content-Encoding: {encoding}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
        );
        let answer = talk(&vault, request.as_bytes()).await;
        assert_eq!(statuses(&answer), [status], "{encoding}: {answer}");
        if status == 415 {
            assert!(answer.contains("accept-encoding: identity"), "{answer}");
            assert!(answer.contains("encoding_not_accepted"), "{answer}");
        }
    }
}

#[tokio::test]
async fn no_route_takes_more_than_its_body_may_have() {
    let vault = vault()
        .env("MEDIAVAULT_MAX_JSON_BYTES", "2048")
        .start()
        .await;
    let token = vault.client().token().expect("a token").to_owned();
    let routes = server::routes::table();
    let mut asked = 0;
    for route in &routes {
        let streams = ["/imports/plan", "/uploads/{id}/content"]
            .iter()
            .any(|own| route.path.ends_with(own))
            || route.path.contains("/uploads/tus")
            || matches!(
                (route.method, route.path.as_str()),
                (
                    "POST",
                    "/api/v1/assets" | "/api/v1/assets/{id}/files" | "/api/v1/assets/{id}/versions"
                )
            );
        // Whoever signs out is nobody from then on.
        let ends = route.path.ends_with("/auth/logout");
        if route.method == "GET" || streams || ends {
            continue;
        }
        let path = route
            .path
            .replace("{number}", "1")
            .replace("{token}", "AAAA")
            .replace("{name}", "picture");
        let path = ["{id}", "{user_id}", "{batch}"]
            .iter()
            .fold(path, |path, name| {
                path.replace(name, "01900000-0000-7000-8000-000000000000")
            });
        let body = format!("{{\"x\": \"{}\"}}", "a".repeat(8192));
        let request = format!(
            "{} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            route.method,
            body.len(),
        );
        let answer = talk(&vault, request.as_bytes()).await;
        let told = statuses(&answer);
        let reads = !matches!(told.first(), Some(200 | 202 | 204 | 401 | 403 | 404 | 409));
        assert!(
            told.iter().all(|status| *status < 500),
            "{} {path}: {answer}",
            route.method
        );
        if reads {
            assert_eq!(told, [413], "{} {path}: {answer}", route.method);
            asked += 1;
        }
    }
    assert!(asked > 20, "only {asked} routes read a body");
}

#[tokio::test]
async fn slow_clients_hold_nothing() {
    let vault = impatient().await;
    let address = vault.url().trim_start_matches("http://").to_owned();
    let token = vault.client().token().expect("a token").to_owned();
    let body = format!(
        "POST /api/v1/collections HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: 900000\r\n\r\n{{"
    );
    let upload = format!(
        "POST /api/v1/assets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n\
         40\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n"
    );
    // Nothing at all, half a head, an idle connection, half a body, half an upload; each dripping on.
    for beginning in [
        "",
        "GET / HTTP/1.1\r\nX: ",
        "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n",
        &body,
        &upload,
    ] {
        let mut socket = TcpStream::connect(&address).await.expect("a connection");
        socket.write_all(beginning.as_bytes()).await.expect("sent");
        let (mut reader, mut writer) = socket.split();
        let drip = async {
            let mut due = tokio::time::interval(Duration::from_millis(250));
            loop {
                due.tick().await;
                let more: &[u8] = if beginning.is_empty() { b"" } else { b"a" };
                if writer.write_all(more).await.is_err() {
                    break;
                }
            }
        };
        let end = async {
            let mut answer = Vec::new();
            // A reset is an end as well.
            let _ = reader.read_to_end(&mut answer).await;
        };
        let hung_up = tokio::time::timeout(PATIENCE, async {
            tokio::select! { () = end => {} () = drip => {} }
        });
        assert!(hung_up.await.is_ok(), "{beginning:?} is waited for");
    }
    is_well(&vault).await;
}

#[tokio::test]
async fn streams_that_are_opened_and_reset_end_the_connection() {
    let vault = impatient().await;
    let address = vault.url().trim_start_matches("http://").to_owned();
    let mut socket = TcpStream::connect(&address).await.expect("a connection");
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    frame(&mut bytes, 4, 0, 0, &[]);
    // HPACK (RFC 7541): `:method GET`, `:scheme http`, `:path /`, all from the static table.
    let head = [0x82, 0x86, 0x84];
    for number in 0..20_000_u32 {
        let stream = number * 2 + 1;
        frame(&mut bytes, 1, 0x5, stream, &head);
        frame(&mut bytes, 3, 0, stream, &8_u32.to_be_bytes());
    }
    // The server may hang up before it has read all of it.
    let _ = socket.write_all(&bytes).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(PATIENCE, socket.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "the connection goes on");
    is_well(&vault).await;
}

/// Appends an HTTP/2 frame (RFC 9113, section 4.1).
fn frame(bytes: &mut Vec<u8>, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
    let length = u32::try_from(payload.len()).expect("small").to_be_bytes();
    bytes.extend_from_slice(&length[1..]);
    bytes.extend_from_slice(&[kind, flags]);
    bytes.extend_from_slice(&stream.to_be_bytes());
    bytes.extend_from_slice(payload);
}

#[tokio::test]
async fn a_part_with_an_endless_head_is_refused() {
    let vault = vault().start().await;
    let token = vault.client().token().expect("a token").to_owned();
    let filler = format!("X: {}\r\n", "a".repeat(1 << 20));
    let part = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n{}",
        filler.repeat(16)
    );
    let request = format!(
        "POST /api/v1/assets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n{part}",
        part.len() + 100
    );
    let answer = talk(&vault, request.as_bytes()).await;
    let told = statuses(&answer);
    assert!(
        told.iter().all(|status| (400..500).contains(status)),
        "{answer:.300}"
    );
    is_well(&vault).await;
}
