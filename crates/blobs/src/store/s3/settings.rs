//! Where the bucket is, who we are there, and how patient we are.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// `s3://bucket/prefix`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Address {
    /// Name of the bucket.
    pub bucket: String,
    /// What all our keys begin with: empty, or ending with a slash.
    pub prefix: String,
}

impl FromStr for S3Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix("s3://").ok_or("must begin with s3://")?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._".contains(&b);
        if !(3..=63).contains(&bucket.len()) || !bucket.bytes().all(allowed) {
            return Err("must be s3://bucket or s3://bucket/prefix".to_owned());
        }
        let prefix = prefix.trim_end_matches('/');
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._/".contains(&b);
        let whole = |part: &str| !part.is_empty() && part != "." && part != "..";
        let fine = prefix.bytes().all(plain) && prefix.split('/').all(whole);
        if !prefix.is_empty() && !fine {
            return Err("the prefix may have letters, digits, - . _ and single slashes".to_owned());
        }
        Ok(Self {
            bucket: bucket.to_owned(),
            prefix: if prefix.is_empty() {
                String::new()
            } else {
                format!("{prefix}/")
            },
        })
    }
}

impl fmt::Display for S3Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.prefix)
    }
}

/// How to reach the bucket.
#[derive(Clone)]
pub struct S3Settings {
    /// `https://…` of a store that is not AWS; `None` is AWS.
    pub endpoint: Option<String>,
    /// Part of every signature; stores that are not AWS usually take any.
    pub region: String,
    /// Key id and secret. `None` takes those of the machine's role at AWS.
    pub keys: Option<(String, String)>,
    /// Whether the bucket is the first part of the path and not of the host's name.
    pub path_style: bool,
    /// Longest silence in answer to a small request; a larger one gets time for its bytes, too.
    pub timeout: Duration,
    /// Bytes that parts of large objects on their way to the store may take together.
    pub part_memory: usize,
}

impl Default for S3Settings {
    fn default() -> Self {
        Self {
            endpoint: None,
            region: "us-east-1".to_owned(),
            keys: None,
            path_style: false,
            timeout: Duration::from_secs(10),
            part_memory: 256 * 1024 * 1024,
        }
    }
}

impl fmt::Debug for S3Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Settings")
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("keys", &self.keys.as_ref().map(|_| "(secret)"))
            .field("path_style", &self.path_style)
            .field("timeout", &self.timeout)
            .field("part_memory", &self.part_memory)
            .finish()
    }
}
