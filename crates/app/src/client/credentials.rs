//! Which vault, and with which key: flags, else the environment, else what `login` stored.

use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Client, ClientError};

/// Flags of every command that speaks to a vault.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Connection {
    /// Address of the vault [default: the one that `login` stored]
    #[arg(long, env = "MEDIAVAULT_URL", value_name = "URL")]
    pub url: Option<String>,
    /// API key [default: the one that `login` stored]
    #[arg(
        long,
        env = "MEDIAVAULT_KEY",
        value_name = "KEY",
        hide_env_values = true
    )]
    pub key: Option<String>,
}

impl Connection {
    /// A client with a credential.
    ///
    /// # Errors
    /// [`ClientError::Usage`] when address or key is unknown.
    pub fn client(&self) -> Result<Client, ClientError> {
        let stored = Credentials::load(&Credentials::path()?)?;
        // A stored key belongs to the stored address alone: it is sent nowhere else.
        let same = |stored: &Credentials| self.url.as_deref().is_none_or(|url| stored.is_for(url));
        let stored = stored.filter(same);
        let unknown =
            || ClientError::Usage("not signed in: run `mediavault login URL` first".to_owned());
        let url = self
            .url
            .clone()
            .or_else(|| stored.as_ref().map(|stored| stored.url.clone()));
        let key = self.key.clone().or_else(|| stored.map(|stored| stored.key));
        Client::new(&url.ok_or_else(unknown)?, Some(key.ok_or_else(unknown)?))
    }
}

/// What `login` stores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// Address of the vault.
    pub url: String,
    /// Whose key it is.
    pub email: String,
    /// The API key.
    pub key: String,
}

impl Credentials {
    /// Where they are kept.
    ///
    /// # Errors
    /// There is no home directory.
    pub fn path() -> Result<PathBuf, ClientError> {
        let dirs = directories::ProjectDirs::from("", "", "mediavault");
        let dirs = dirs.ok_or_else(|| {
            ClientError::Usage("no home directory: use --url and --key".to_owned())
        })?;
        Ok(dirs.config_dir().join("credentials.toml"))
    }

    /// Reads them; none when nobody signed in yet.
    pub fn load(path: &Path) -> Result<Option<Self>, ClientError> {
        let wrong = |what: String| ClientError::Usage(format!("{}: {what}", path.display()));
        match std::fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text)
                .map(Some)
                .map_err(|error| wrong(error.to_string())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(wrong(error.to_string())),
        }
    }

    /// Writes them for this user's eyes only, replacing what was there in one step.
    pub fn save(&self, path: &Path) -> Result<(), ClientError> {
        let write = || -> std::io::Result<()> {
            let dir = path.parent().unwrap_or(Path::new("."));
            std::fs::create_dir_all(dir)?;
            let text = toml::to_string(self).map_err(std::io::Error::other)?;
            let fresh = path.with_extension(format!("{}.tmp", std::process::id()));
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&fresh)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&fresh, path)
        };
        write().map_err(|error| ClientError::Usage(format!("{}: {error}", path.display())))
    }

    fn is_for(&self, url: &str) -> bool {
        self.url.trim_end_matches('/') == url.trim_end_matches('/')
    }
}

#[cfg(test)]
mod tests;
