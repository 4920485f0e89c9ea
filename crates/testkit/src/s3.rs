//! S3 for tests: one server for a run, a fresh bucket for each test.
//!
//! A test command that sets `MEDIAVAULT_TEST_S3=http://KEY:SECRET@HOST:PORT` lends its server. Without
//! it the first test process starts moto for itself and all others, which ends shortly after the
//! last of them. moto keeps everything in memory and believes every signature; what it does not
//! check is checked on a server of Ceph: `cargo xtask with-radosgw`.

mod line;
mod moto;

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::signer::Signer;
use reqwest::Method;

pub use line::Line;

/// Names the server to use instead of one of our own.
pub const VARIABLE: &str = "MEDIAVAULT_TEST_S3";

/// A bucket that one test has to itself.
#[derive(Debug, Clone)]
pub struct Place {
    /// `http://127.0.0.1:PORT`.
    pub endpoint: String,
    /// Id of the access key.
    pub key_id: String,
    /// The key itself.
    pub secret: String,
    /// Its name.
    pub bucket: String,
}

/// The server of this run, kept for as long as this process lives.
fn server() -> &'static str {
    static SHARED: OnceLock<moto::Server> = OnceLock::new();
    static LENT: OnceLock<Option<String>> = OnceLock::new();
    match LENT.get_or_init(|| std::env::var(VARIABLE).ok()) {
        Some(url) => url,
        None => SHARED
            .get_or_init(|| match moto::Server::shared() {
                Ok(server) => server,
                Err(why) => panic!("{why}"),
            })
            .url(),
    }
}

impl Place {
    /// An empty bucket.
    pub async fn fresh() -> Self {
        let place = Self::on(server());
        place.create().await.unwrap_or_else(|why| panic!("{why}"));
        place
    }

    /// A bucket of a name of its own, not made yet, on the server of that URL.
    pub fn on(server: &str) -> Self {
        let rest = server.trim_start_matches("http://").trim_end_matches('/');
        let (keys, host) = rest.split_once('@').expect("http://KEY:SECRET@HOST:PORT");
        let (key_id, secret) = keys.split_once(':').expect("http://KEY:SECRET@HOST:PORT");
        Self {
            endpoint: format!("http://{host}"),
            key_id: key_id.to_owned(),
            secret: secret.to_owned(),
            bucket: format!(
                "test-{:016x}",
                RandomState::new().hash_one(std::process::id())
            ),
        }
    }

    /// Makes the bucket.
    ///
    /// # Errors
    /// What the server said.
    pub async fn create(&self) -> Result<(), String> {
        let signer = AmazonS3Builder::new()
            .with_endpoint(&self.endpoint)
            .with_bucket_name(&self.bucket)
            .with_access_key_id(&self.key_id)
            .with_secret_access_key(&self.secret)
            .with_allow_http(true)
            .build()
            .map_err(|error| error.to_string())?;
        let url = signer
            .signed_url(Method::PUT, &Path::default(), Duration::from_secs(60))
            .await
            .map_err(|error| error.to_string())?;
        let client = crate::Client::new(String::new());
        // Not every server takes it as said by the absence of a body.
        let request = client
            .http()
            .put(url.as_str())
            .header("content-length", "0");
        let answer = request.send().await;
        let answer = answer.map_err(|error| error.to_string())?;
        match answer.status().is_success() {
            true => Ok(()),
            false => Err(format!("the bucket could not be made: {answer:?}")),
        }
    }

    /// The same bucket, reached by another way.
    pub fn through(&self, line: &Line) -> Self {
        Self {
            endpoint: line.endpoint(),
            ..self.clone()
        }
    }

    /// `127.0.0.1:PORT`.
    pub fn host(&self) -> &str {
        self.endpoint.trim_start_matches("http://")
    }
}
