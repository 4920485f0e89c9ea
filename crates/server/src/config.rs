//! Settings of the HTTP side, with their defaults and limits.

use std::time::Duration;

use axum::http::Uri;
use ipnet::IpNet;

/// How the server listens to and distrusts the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where people reach the vault, such as `https://photos.example`. With `https`, cookies are
    /// `Secure` and browsers are told to stay on TLS.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Largest JSON body, in bytes.
    pub max_json_bytes: usize,
    /// A request whose headers take longer than this many seconds is dropped.
    pub header_seconds: u16,
    /// A request body that makes no progress for this many seconds is given up.
    pub idle_seconds: u16,
    /// Connections served at the same time; more wait to be accepted.
    pub max_connections: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: None,
            trusted_proxies: Vec::new(),
            max_json_bytes: 1024 * 1024,
            header_seconds: 15,
            idle_seconds: 60,
            max_connections: 4096,
        }
    }
}

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {reason}")]
pub struct InvalidSetting {
    /// Name of the setting.
    pub setting: &'static str,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl Config {
    /// Checks every setting.
    ///
    /// # Errors
    /// The first setting that is out of range.
    pub fn validate(&self) -> Result<(), InvalidSetting> {
        let check = |setting, holds, reason| {
            if holds {
                Ok(())
            } else {
                Err(InvalidSetting { setting, reason })
            }
        };
        let url = self.public_url.as_deref();
        check(
            "public_url",
            url.is_none_or(|url| origin(url).is_some()),
            "must be http:// or https:// and a host, without a path",
        )?;
        check(
            "max_json_bytes",
            (1024..=64 * 1024 * 1024).contains(&self.max_json_bytes),
            "must lie between 1 KiB and 64 MiB",
        )?;
        check(
            "header_seconds",
            self.header_seconds > 0,
            "must not be zero",
        )?;
        check("idle_seconds", self.idle_seconds > 0, "must not be zero")?;
        check(
            "max_connections",
            self.max_connections > 0,
            "must not be zero",
        )
    }

    /// Whether people reach the vault over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.public_url
            .as_deref()
            .is_some_and(|url| url.starts_with("https://"))
    }

    /// Scheme and authority of `public_url`, as an `Origin` header spells it.
    pub(crate) fn public_origin(&self) -> Option<String> {
        self.public_url.as_deref().and_then(origin)
    }

    pub(crate) fn header_timeout(&self) -> Duration {
        Duration::from_secs(self.header_seconds.into())
    }

    pub(crate) fn idle_timeout(&self) -> Duration {
        Duration::from_secs(self.idle_seconds.into())
    }
}

fn origin(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let scheme = uri
        .scheme_str()
        .filter(|scheme| matches!(*scheme, "http" | "https"))?;
    let authority = uri
        .authority()
        .filter(|_| matches!(uri.path(), "" | "/") && uri.query().is_none())?;
    Some(format!("{scheme}://{authority}").to_ascii_lowercase())
}
