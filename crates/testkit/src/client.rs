//! HTTP as a test speaks it: JSON in and out, the expected status stated, bodies shown when it differs.

use std::sync::Once;
use std::time::Instant;

use reqwest::multipart::{Form, Part};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

use crate::events::Events;
use crate::fixtures::Fixture;
use crate::{GLANCE, PATIENCE};

/// States in which nothing is under way any more.
const SETTLED: &[&str] = &["ready", "partial", "failed", "quarantined"];

/// The answer to an upload of one file.
#[derive(Debug, Clone)]
pub struct Uploaded {
    /// The asset as it was just after.
    pub asset: Value,
    /// The caller had the same bytes already.
    pub duplicate: bool,
}

impl Uploaded {
    /// Id of the asset.
    pub fn id(&self) -> &str {
        self.asset["id"].as_str().expect("an asset has an id")
    }
}

/// Speaks to one vault as one caller.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

impl Client {
    /// Acts as nobody.
    pub fn new(base: String) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            // Fails when a test installed one before, which serves as well.
            let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        });
        let http = reqwest::Client::builder()
            .timeout(PATIENCE)
            .no_proxy()
            .build();
        Self {
            http: http.expect("an HTTP client"),
            base,
            token: None,
        }
    }

    /// Acts with an access token or API key.
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// The credential it sends.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The bare client, for what the helpers do not cover.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// A request to a path below `/api/v1`, or to an absolute address or path (`/health`, a signed URL).
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let absolute = path.starts_with("http://") || path.starts_with("https://");
        let rooted = path.starts_with("/api/") || path.starts_with("/health") || path == "/metrics";
        let url = match (absolute, rooted) {
            (true, _) => path.to_owned(),
            (_, true) => format!("{}{path}", self.base),
            _ => format!("{}/api/v1{path}", self.base),
        };
        let request = self.http.request(method, url);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// `GET`, JSON, 200.
    pub async fn get(&self, path: &str) -> Value {
        json(self.request(Method::GET, path), 200).await
    }

    /// `POST` of JSON with the status that is expected; null when the answer has no body.
    pub async fn post(&self, path: &str, body: &Value, status: u16) -> Value {
        json(self.request(Method::POST, path).json(body), status).await
    }

    /// `PATCH` of JSON, 200.
    pub async fn patch(&self, path: &str, body: &Value) -> Value {
        json(self.request(Method::PATCH, path).json(body), 200).await
    }

    /// `DELETE`, 204.
    pub async fn delete(&self, path: &str) {
        json(self.request(Method::DELETE, path), 204).await;
    }

    /// The problem a request is refused with; panics when it is not.
    pub async fn refused(&self, request: RequestBuilder, status: u16) -> Value {
        let problem = json(request, status).await;
        assert!(problem["code"].is_string(), "not a problem: {problem}");
        problem
    }

    /// Sends one file; the answer as it came.
    pub async fn send_file(&self, name: &str, bytes: Vec<u8>) -> reqwest::Result<Response> {
        let part = Part::bytes(bytes).file_name(name.to_owned());
        let form = Form::new().part("file", part);
        self.request(Method::POST, "/assets")
            .multipart(form)
            .send()
            .await
    }

    /// Uploads bytes under a name.
    pub async fn upload(&self, name: &str, bytes: Vec<u8>) -> Uploaded {
        let answer = self
            .send_file(name, bytes)
            .await
            .expect("an answer to the upload");
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.expect("JSON");
        assert!(
            matches!(status, 200 | 201),
            "upload of {name}: {status} {body}"
        );
        let duplicate = body["duplicate"].as_bool().expect("`duplicate`");
        assert_eq!(
            status == 200,
            duplicate,
            "a new file is 201, a duplicate 200"
        );
        Uploaded {
            asset: body["asset"].clone(),
            duplicate,
        }
    }

    /// Uploads a fixture under its own name.
    pub async fn upload_fixture(&self, fixture: &Fixture) -> Uploaded {
        self.upload(fixture.file_name(), fixture.bytes()).await
    }

    /// The asset as it is now.
    pub async fn asset(&self, id: &str) -> Value {
        self.get(&format!("/assets/{id}")).await
    }

    /// The original bytes.
    pub async fn content(&self, id: &str) -> Vec<u8> {
        bytes(self.request(Method::GET, &format!("/assets/{id}/content"))).await
    }

    /// The asset once nothing is under way for it any more.
    pub async fn settled(&self, id: &str) -> Value {
        self.until(id, |asset| {
            asset["status"]
                .as_str()
                .is_some_and(|status| SETTLED.contains(&status))
        })
        .await
    }

    /// The asset once `done` says so; panics when that never happens.
    pub async fn until(&self, id: &str, done: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let asset = self.asset(id).await;
            if done(&asset) {
                return asset;
            }
            assert!(Instant::now() < deadline, "never came to be: {asset:#}");
            tokio::time::sleep(GLANCE).await;
        }
    }

    /// The live events from now on, or from just after the one with this id.
    pub async fn events(&self, last: Option<&str>) -> Events {
        let mut request = self.request(Method::GET, "/events");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = request.send().await.expect("an event stream");
        assert_eq!(answer.status(), 200);
        Events::new(answer)
    }
}

/// The body of a successful answer.
async fn bytes(request: RequestBuilder) -> Vec<u8> {
    let answer = request.send().await.expect("an answer");
    let (status, url) = (answer.status(), answer.url().clone());
    let body = answer.bytes().await.expect("the whole body");
    assert!(
        status.is_success(),
        "{url}: {status} {}",
        String::from_utf8_lossy(&body)
    );
    body.to_vec()
}

async fn json(request: RequestBuilder, expected: u16) -> Value {
    let answer = request.send().await.expect("an answer");
    let (status, url) = (answer.status().as_u16(), answer.url().clone());
    let body = answer.text().await.expect("the whole body");
    assert_eq!(status, expected, "{url}: {body}");
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_str(&body).unwrap_or_else(|error| panic!("{url}: {error} in {body}"))
}
