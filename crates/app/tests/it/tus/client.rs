//! A tus client that does one request at a time, and can break off where a test wants it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::{Entropy as _, SeededEntropy};
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder, Response};
use testkit::Client;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// The media type of bytes.
pub const BYTES: &str = "application/offset+octet-stream";

/// What a server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub code: String,
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body: serde_json::Value = response.json().await.unwrap_or_default();
        Self {
            status,
            headers,
            code: body["code"].as_str().unwrap_or_default().to_owned(),
        }
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().expect("text"))
    }

    /// How many bytes are safe.
    pub fn offset(&self) -> u64 {
        let text = self.header("upload-offset");
        text.parse()
            .unwrap_or_else(|_| panic!("no offset: {self:?}"))
    }

    /// The asset it became.
    pub fn asset(&self) -> &str {
        let asset = self.header("upload-asset");
        assert!(!asset.is_empty(), "no asset: {self:?}");
        asset
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

/// A request of the protocol.
pub fn request(client: &Client, method: Method, path: &str) -> RequestBuilder {
    client
        .request(method, path)
        .header("tus-resumable", "1.0.0")
}

pub async fn send(request: RequestBuilder) -> Answer {
    Answer::of(request.send().await.expect("an answer")).await
}

/// Begins an upload of so many bytes with these headers besides.
pub async fn create(client: &Client, length: usize, headers: &[(&str, &str)]) -> Answer {
    let mut request =
        request(client, Method::POST, "/uploads/tus").header("upload-length", length.to_string());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(request).await
}

/// Begins an upload and gives its address.
pub async fn begin(client: &Client, length: usize, name: &str) -> String {
    let metadata = format!("filename {}", STANDARD.encode(name));
    let answer = create(client, length, &[("upload-metadata", &metadata)]).await;
    answer.is(201).header("location").to_owned()
}

pub async fn head(client: &Client, address: &str) -> Answer {
    send(request(client, Method::HEAD, address)).await
}

pub fn patching(client: &Client, address: &str, offset: u64) -> RequestBuilder {
    request(client, Method::PATCH, address)
        .header("content-type", BYTES)
        .header("upload-offset", offset.to_string())
}

pub async fn patch(client: &Client, address: &str, offset: u64, bytes: &[u8]) -> Answer {
    send(patching(client, address, offset).body(bytes.to_vec())).await
}

/// Sends these bytes of a longer body, and then the connection is gone.
pub async fn patch_and_break_off(client: &Client, address: &str, offset: u64, bytes: &[u8]) {
    let request = patching(client, address, offset).build();
    let request = request.expect("a request");
    let url = request.url();
    let (host, port) = (url.host_str().expect("a host"), url.port().expect("a port"));
    let mut lines = format!("PATCH {} HTTP/1.1\r\nhost: {host}\r\n", url.path());
    for (name, value) in request.headers() {
        lines += &format!("{name}: {}\r\n", value.to_str().expect("text"));
    }
    lines += &format!("content-length: {}\r\n\r\n", bytes.len() + 1);
    let mut connection = TcpStream::connect((host, port))
        .await
        .expect("a connection");
    connection.write_all(lines.as_bytes()).await.expect("sent");
    connection.write_all(bytes).await.expect("sent");
    connection.shutdown().await.expect("cut");
}

/// Sends all of a file in one request each, and gives the last answer.
pub async fn upload(client: &Client, name: &str, bytes: &[u8]) -> Answer {
    let address = begin(client, bytes.len(), name).await;
    patch(client, &address, 0, bytes).await.is(204)
}

/// Bytes that nobody has had before.
pub fn bytes(seed: u64, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    SeededEntropy::new(seed).fill(&mut bytes);
    bytes
}
