//! Requests that `object_store` has no words for, by URLs that it signs: naming the uploads that were
//! not finished, and making one whole only where nothing is yet.

use std::time::Duration;

use domain::Timestamp;
use object_store::path::Path;
use object_store::signer::{SignedUrlOptions, Signer};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::Bucket;
use super::fault::{Fault, deepest};

/// How long such a URL is good; it is used at once.
const GOOD_FOR: Duration = Duration::from_secs(5 * 60);

/// What is asked.
#[derive(Default)]
pub struct Ask<'a> {
    pub path: Path,
    pub query: Vec<(&'a str, String)>,
    pub header: Option<(HeaderName, HeaderValue)>,
    pub body: String,
}

/// What came back.
pub struct Answer {
    pub body: String,
    /// The store's clock.
    pub date: Option<Timestamp>,
}

impl Bucket {
    /// Makes one request, once.
    pub async fn ask(&self, method: Method, ask: &Ask<'_>) -> Result<Answer, Fault> {
        let mut options = SignedUrlOptions::new().with_query(ask.query.clone());
        let mut headers = HeaderMap::new();
        if let Some((name, value)) = &ask.header {
            options = options.with_signed_header(name.clone(), value.clone());
            headers.insert(name.clone(), value.clone());
        }
        let url = self
            .s3
            .signed_url_opts(method.clone(), &ask.path, GOOD_FOR, &options)
            .await?;
        let request = self.http.request(method, url.as_str()).headers(headers);
        // The URL is as good as a key for as long as it lasts: it must not get into a message.
        let silent = |error: reqwest::Error| Fault::silent(deepest(&error.without_url()));
        let answer = request
            .body(ask.body.clone())
            .send()
            .await
            .map_err(silent)?;
        let status = answer.status();
        let date = answer.headers().get(reqwest::header::DATE);
        let date = date
            .and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok())
            .and_then(|date| date.duration_since(std::time::UNIX_EPOCH).ok())
            .and_then(|since| i64::try_from(since.as_millis()).ok());
        let body = answer.text().await.map_err(silent)?;
        // Making an object of parts may take so long that S3 says 200 first and what came of it later.
        if !status.is_success() || body.contains("<Error>") {
            return Err(Fault::answered(status.as_u16(), &body));
        }
        Ok(Answer {
            body,
            date: date.map(Timestamp::from_millis),
        })
    }
}
