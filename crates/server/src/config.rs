//! Settings of the HTTP side, with their defaults and limits.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use axum::http::Uri;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::frame::Patience;
use crate::limits::Rule;

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
    /// Bytes a second of a request body that must arrive on average while we wait for it.
    pub min_body_rate: u32,
    /// Connections served at the same time; more wait to be accepted.
    pub max_connections: usize,
    /// Connections of one address; more are closed at once. Trusted proxies and `spared` may have all.
    pub max_connections_per_address: usize,
    /// Networks whose connections are not counted by address: this machine, which may be a proxy.
    pub spared: Vec<IpNet>,
    /// HTTP/2 requests under way on one connection.
    pub max_streams: u32,
    /// Longest path with its query, in bytes.
    pub max_url_bytes: usize,
    /// Most headers of a request.
    pub max_headers: usize,
    /// Names and values of a request's headers together, in bytes.
    pub max_header_bytes: usize,
    /// Calls of an address without an account; `None` takes all rates away.
    pub rate_limit: Option<Rule>,
    /// Calls of an account.
    pub user_rate_limit: Option<Rule>,
    /// Calls of an API key.
    pub key_rate_limit: Option<Rule>,
    /// Uploads, downloads, pictures and files of the page on their way at the same time for one
    /// address without an account.
    pub max_transfers_per_address: usize,
    /// The same for one account or API key.
    pub max_transfers_per_user: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: None,
            trusted_proxies: Vec::new(),
            max_json_bytes: 1024 * 1024,
            header_seconds: 15,
            idle_seconds: 60,
            min_body_rate: 128,
            max_connections: 4096,
            max_connections_per_address: 512,
            spared: loopback(),
            max_streams: 256,
            max_url_bytes: 32 * 1024,
            max_headers: 100,
            max_header_bytes: 64 * 1024,
            rate_limit: Some(Rule::new(100, 60)),
            user_rate_limit: Some(Rule::new(30_000, 60)),
            key_rate_limit: Some(Rule::new(30_000, 60)),
            max_transfers_per_address: 256,
            max_transfers_per_user: 1024,
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
        for (setting, count) in [
            ("max_connections", self.max_connections),
            (
                "max_connections_per_address",
                self.max_connections_per_address,
            ),
            ("max_transfers_per_address", self.max_transfers_per_address),
            ("max_transfers_per_user", self.max_transfers_per_user),
        ] {
            check(setting, count > 0, "must not be zero")?;
        }
        check(
            "max_streams",
            (1..=1024).contains(&self.max_streams),
            "must lie between 1 and 1024",
        )?;
        check(
            "max_headers",
            (20..=1024).contains(&self.max_headers),
            "must lie between 20 and 1024",
        )?;
        check(
            "max_url_bytes",
            (1024..=60 * 1024).contains(&self.max_url_bytes),
            "must lie between 1 KiB and 60 KiB",
        )?;
        check(
            "max_header_bytes",
            (4 * 1024..=1024 * 1024).contains(&self.max_header_bytes),
            "must lie between 4 KiB and 1 MiB",
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

    /// The host of `public_url`.
    pub(crate) fn public_host(&self) -> Option<String> {
        let uri: Uri = self.public_url.as_deref()?.parse().ok()?;
        uri.host().map(str::to_owned)
    }

    pub(crate) fn header_timeout(&self) -> Duration {
        Duration::from_secs(self.header_seconds.into())
    }

    pub(crate) fn patience(&self) -> Patience {
        Patience {
            idle: self.idle_timeout(),
            rate: self.min_body_rate,
        }
    }

    /// Bytes that the head of a request may take: its first line, its headers, and what is between.
    pub(crate) fn max_head_bytes(&self) -> usize {
        self.max_url_bytes + self.max_header_bytes + 8 * self.max_headers + 1024
    }

    /// Whether connections from there are counted by address.
    pub(crate) fn counts(&self, address: IpAddr) -> bool {
        let mut apart = self.spared.iter().chain(&self.trusted_proxies);
        !apart.any(|net| net.contains(&address))
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

fn loopback() -> Vec<IpNet> {
    vec![
        Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8).into(),
        Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128).into(),
    ]
}
