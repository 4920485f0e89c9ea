//! One struct from the settings of every module.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use super::layers::Layers;
use super::settings::SETTINGS;
use super::value::{Encryption, LogFormat, Secret};
use super::{ConfigError, Source};

/// Everything an operator can set. Each part belongs to the module that reads it.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Everything kept on this machine: database, bytes, keys, lock.
    pub data_dir: PathBuf,
    /// PostgreSQL; absent is SQLite in the data directory.
    pub database_url: Option<Secret>,
    /// A folder, `file:///…`, `s3://…` or `memory:`; absent is a folder in the data directory.
    pub store_url: Option<String>,
    /// Where a second copy of every byte is kept; absent: nowhere.
    pub replica_url: Option<String>,
    /// How a bucket is reached; its keys stand apart, and path style may be left to us.
    pub s3: blobs::S3Settings,
    /// Id of the access key for the bucket.
    pub s3_access_key_id: Option<Secret>,
    /// The secret that belongs to it.
    pub s3_secret_access_key: Option<Secret>,
    /// Whether the bucket is named in the path.
    pub s3_path_style: Option<bool>,
    /// Whether stored bytes are encrypted.
    pub encryption: Encryption,
    /// The key that wraps all others; absent, it is kept in the data directory.
    pub master_key: Option<Secret>,
    /// Code for making the first account; absent, a fresh one at every start.
    pub setup_code: Option<Secret>,
    /// Filter of the log (`tracing_subscriber::EnvFilter`).
    pub log: String,
    /// How the log is written.
    pub log_format: LogFormat,
    /// The HTTP side.
    pub server: server::Config,
    /// The verbs.
    pub service: service::Config,
    /// Accounts.
    pub identity: identity::Config,
    /// Work on media.
    pub media: media::Config,
    /// Names of the settings that were given, and not left to their defaults.
    pub given: Vec<&'static str>,
}

impl Default for Config {
    fn default() -> Self {
        let own = directories::ProjectDirs::from("", "", "mediavault");
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            data_dir: own.map_or_else(
                || "/var/lib/mediavault".into(),
                |dirs| dirs.data_dir().to_owned(),
            ),
            database_url: None,
            store_url: None,
            replica_url: None,
            s3: blobs::S3Settings::default(),
            s3_access_key_id: None,
            s3_secret_access_key: None,
            s3_path_style: None,
            encryption: Encryption::default(),
            master_key: None,
            setup_code: None,
            log: "info".to_owned(),
            log_format: LogFormat::default(),
            server: server::Config::default(),
            service: service::Config::default(),
            identity: identity::Config::default(),
            media: media::Config::default(),
            given: Vec::new(),
        }
    }
}

impl Config {
    /// Defaults overlaid with what was set, checked.
    pub fn assemble(layers: &Layers) -> Result<Self, ConfigError> {
        let mut config = Self {
            given: layers.iter().map(|(name, ..)| name).collect(),
            ..Self::default()
        };
        for (name, value, source) in layers.iter() {
            let setting = SETTINGS.iter().find(|setting| setting.name == name);
            let setting = setting.ok_or_else(|| complaint(name, Some(source), "is no setting"))?;
            (setting.apply)(&mut config, value)
                .map_err(|what| complaint(name, Some(source), &what))?;
        }
        config
            .validate()
            .map_err(|(name, what)| complaint(&name, layers.source(&name), &what))?;
        Ok(config)
    }

    /// Where people reach the vault, without a slash at the end.
    pub fn public_url(&self) -> String {
        let host = match self.listen.ip() {
            IpAddr::V4(ip) if !ip.is_loopback() && !ip.is_unspecified() => ip.to_string(),
            IpAddr::V6(ip) if !ip.is_loopback() && !ip.is_unspecified() => format!("[{ip}]"),
            _ => "localhost".to_owned(),
        };
        let usual = || format!("http://{host}:{}", self.listen.port());
        self.server.public_url.clone().unwrap_or_else(usual)
    }

    /// The bucket bytes are kept in, when they are, and how it is reached.
    pub fn bucket(&self) -> Option<(blobs::S3Address, blobs::S3Settings)> {
        self.bucket_at(self.store_url.as_deref()?)
    }

    /// The bucket at an address, when it is one, and how it is reached.
    pub fn bucket_at(&self, url: &str) -> Option<(blobs::S3Address, blobs::S3Settings)> {
        let address = url.parse().ok()?;
        let keys = self
            .s3_access_key_id
            .as_ref()
            .zip(self.s3_secret_access_key.as_ref());
        let settings = blobs::S3Settings {
            keys: keys.map(|(id, secret)| (id.reveal().to_owned(), secret.reveal().to_owned())),
            path_style: self.s3_path_style.unwrap_or(self.s3.endpoint.is_some()),
            ..self.s3.clone()
        };
        Some((address, settings))
    }

    fn check_stores(&self) -> Result<(), (String, String)> {
        let wrong = |name: &str, what: &str| Err((name.to_owned(), what.to_owned()));
        for (name, url) in [
            ("store_url", &self.store_url),
            ("replica_url", &self.replica_url),
        ] {
            let Some(url) = url.as_deref().filter(|url| is_address(url)) else {
                continue;
            };
            if !url.starts_with("s3://") {
                return wrong(
                    name,
                    "must be a folder, file://…, s3://bucket/prefix or memory:",
                );
            }
            if let Err(what) = url.parse::<blobs::S3Address>() {
                return wrong(name, &what);
            }
        }
        match (&self.s3_access_key_id, &self.s3_secret_access_key) {
            (Some(_), None) => wrong("s3_secret_access_key", "belongs to s3_access_key_id"),
            (None, Some(_)) => wrong("s3_access_key_id", "belongs to s3_secret_access_key"),
            _ => Ok(()),
        }
    }

    /// Where the configuration says that bytes are kept.
    pub fn primary_url(&self) -> String {
        let usual = || self.data_dir.join("blobs").display().to_string();
        self.store_url.clone().unwrap_or_else(usual)
    }

    /// A folder may not be shown that holds the vault's own keys and bytes, or lies among them.
    fn keep_folders_apart(&self) -> Result<(), (String, String)> {
        let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let stores = [&self.store_url, &self.replica_url].into_iter().flatten();
        let stores = stores.map(|url| Path::new(url.trim_start_matches("file://")));
        let own: Vec<PathBuf> = std::iter::once(self.data_dir.as_path())
            .chain(stores)
            .map(real)
            .collect();
        for root in &self.service.external_roots {
            let outside = real(Path::new(root));
            if let Some(own) = own
                .iter()
                .find(|own| outside.starts_with(own) || own.starts_with(&outside))
            {
                let why = format!("{root} and the vault's own {} overlap", own.display());
                return Err(("external_roots".to_owned(), why));
            }
        }
        Ok(())
    }

    /// Two copies in one place are one.
    fn keep_stores_apart(&self) -> Result<(), (String, String)> {
        let folder = |url: &str| {
            let path = PathBuf::from(url.trim_start_matches("file://"));
            std::fs::canonicalize(&path).unwrap_or(path)
        };
        let Some(replica) = self.replica_url.as_deref().map(folder) else {
            return Ok(());
        };
        let primary = folder(&self.primary_url());
        if replica.starts_with(&primary) || primary.starts_with(&replica) {
            let why = format!("it and the store {} overlap", primary.display());
            return Err(("replica_url".to_owned(), why));
        }
        Ok(())
    }

    /// The first setting that cannot work, and why.
    fn validate(&self) -> Result<(), (String, String)> {
        if let Some(url) = &self.database_url
            && !["postgres://", "postgresql://"]
                .iter()
                .any(|scheme| url.reveal().starts_with(scheme))
        {
            return Err((
                "database_url".to_owned(),
                "must begin with postgres://".to_owned(),
            ));
        }
        self.check_stores()?;
        self.keep_stores_apart()?;
        tracing_subscriber::EnvFilter::try_new(&self.log)
            .map_err(|error| ("log".to_owned(), error.to_string()))?;
        self.server
            .validate()
            .map_err(|wrong| (wrong.setting.to_owned(), wrong.reason.to_owned()))?;
        self.service
            .validate()
            .map_err(|(name, what)| (name.to_owned(), what))?;
        self.keep_folders_apart()?;
        self.identity.validate().map_err(|error| {
            let name = error.field_name().unwrap_or("registration").to_owned();
            let words = error.to_string();
            let what = words
                .strip_prefix(&format!("{name}: "))
                .unwrap_or(&words)
                .to_owned();
            (name, what)
        })?;
        self.media
            .validate()
            .map_err(|sentence| match sentence.split_once(' ') {
                Some((name, what)) => (name.to_owned(), what.to_owned()),
                None => ("media".to_owned(), sentence),
            })
    }
}

/// Whether a store is named by an address and not by a folder.
fn is_address(url: &str) -> bool {
    url.contains("://") && !url.starts_with("file://")
}

fn complaint(name: &str, source: Option<&Source>, what: &str) -> ConfigError {
    match source {
        Some(source) => ConfigError(format!("{name} ({source}): {what}")),
        None => ConfigError(format!("{name}: {what}")),
    }
}
