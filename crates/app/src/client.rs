//! Speaks the HTTP API for the command line: one caller, typed answers, errors by what to do next.

mod answer;
mod backoff;
mod credentials;
mod error;

pub use answer::{Asset, AssetFile, Checked, KeyMade, Page, Session, Uploaded, User};
pub use backoff::Backoff;
pub use credentials::{Connection, Credentials};
pub use error::ClientError;

use std::time::Duration;

use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Time to connect; answers and bodies may take as long as they make progress.
const CONNECT: Duration = Duration::from_secs(10);

/// A body or answer that stands still this long is given up.
const STALLED: Duration = Duration::from_secs(120);

/// Assets on one page of a listing.
const PAGE: usize = 200;

/// One vault, as one caller.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: Url,
    token: Option<String>,
}

impl Client {
    /// For a vault at this address, with an access token or key where there is one.
    ///
    /// # Errors
    /// The address is none.
    pub fn new(address: &str, token: Option<String>) -> Result<Self, ClientError> {
        let wrong = |what: String| ClientError::Usage(format!("{address}: {what}"));
        let base: Url = address
            .parse()
            .map_err(|error| wrong(format!("not an address ({error})")))?;
        if !matches!(base.scheme(), "http" | "https") {
            return Err(wrong("must begin with http:// or https://".to_owned()));
        }
        let http = reqwest::Client::builder()
            .user_agent(concat!("mediavault/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .read_timeout(STALLED)
            .build()
            .map_err(ClientError::Unreachable)?;
        Ok(Self { http, base, token })
    }

    /// The same vault with another credential.
    pub fn with_token(&self, token: String) -> Self {
        Self {
            token: Some(token),
            ..self.clone()
        }
    }

    /// Address of the vault.
    pub fn address(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    /// A request to a path below `/api/v1`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}/api/v1{path}", self.address()));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends it; an answer that is no success becomes an error.
    pub async fn send(&self, request: RequestBuilder) -> Result<Response, ClientError> {
        let answer = request.send().await.map_err(ClientError::Unreachable)?;
        if answer.status().is_success() || answer.status() == StatusCode::NOT_MODIFIED {
            return Ok(answer);
        }
        Err(ClientError::from_answer(answer).await)
    }

    /// `GET` of JSON.
    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, ClientError> {
        let answer = self
            .send(self.request(Method::GET, path).query(query))
            .await?;
        answer.json().await.map_err(ClientError::Garbled)
    }

    /// `POST` of JSON, answered with JSON.
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        let answer = self
            .send(self.request(Method::POST, path).json(body))
            .await?;
        answer.json().await.map_err(ClientError::Garbled)
    }

    /// Assets that match a query, newest first, at most `limit`.
    pub async fn assets(
        &self,
        query: &str,
        sort: &str,
        limit: usize,
    ) -> Result<Vec<Asset>, ClientError> {
        let mut found: Vec<Asset> = Vec::new();
        let mut cursor: Option<String> = None;
        while found.len() < limit {
            let size = PAGE.min(limit - found.len()).to_string();
            let mut parameters = vec![("limit", size.as_str()), ("sort", sort)];
            if !query.is_empty() {
                parameters.push(("q", query));
            }
            if let Some(cursor) = &cursor {
                parameters.push(("cursor", cursor));
            }
            let page: Page<Asset> = self.get("/assets", &parameters).await?;
            found.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        Ok(found)
    }
}
