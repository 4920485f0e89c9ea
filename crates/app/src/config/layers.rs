//! Values by setting, with where each came from.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::ConfigError;
use super::settings::{self, Setting, distance};

/// Prefix of settings in the environment.
const PREFIX: &str = "MEDIAVAULT_";

/// Variables with the prefix that are no settings: of the client, of `--config`.
const OTHERS: &[&str] = &[
    "MEDIAVAULT_CONFIG",
    "MEDIAVAULT_URL",
    "MEDIAVAULT_KEY",
    "MEDIAVAULT_PASSWORD",
];

/// Largest file that a `_file` setting may name.
const MAX_SECRET: usize = 64 * 1024;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The configuration file.
    File(PathBuf),
    /// A variable of the environment.
    Environment(String),
    /// A flag.
    Flag(String),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "in {}", path.display()),
            Self::Environment(name) => write!(f, "from {name}"),
            Self::Flag(name) => write!(f, "from {name}"),
        }
    }
}

/// The values that were set, each by the layer that wins.
#[derive(Debug, Default)]
pub struct Layers {
    values: BTreeMap<&'static str, (String, Source)>,
    file: Option<PathBuf>,
}

impl Layers {
    /// Reads the file (`file`, else the usual ones), then `environment`, then `flags`.
    pub fn read(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
        flags: &[(&'static Setting, String)],
    ) -> Result<Self, ConfigError> {
        let mut layers = Self::default();
        let usual = || usual_files().into_iter().find(|path| path.exists());
        if let Some(path) = file.map(Path::to_owned).or_else(usual) {
            let text = std::fs::read_to_string(&path);
            let text = text.map_err(|error| ConfigError(format!("{}: {error}", path.display())))?;
            layers.add_file(&path, &text)?;
            layers.file = Some(path);
        }
        layers.add_environment(environment)?;
        for (setting, value) in flags {
            let flag = format!("--{}", setting.name.replace('_', "-"));
            layers
                .values
                .insert(setting.name, (value.clone(), Source::Flag(flag)));
        }
        Ok(layers)
    }

    /// Values in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str, &Source)> {
        self.values
            .iter()
            .map(|(name, (value, source))| (*name, value.as_str(), source))
    }

    /// Where a setting's value came from; nothing for a default.
    pub fn source(&self, name: &str) -> Option<&Source> {
        self.values.get(name).map(|(_, source)| source)
    }

    /// The configuration file that was read.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    pub(super) fn add_file(&mut self, path: &Path, text: &str) -> Result<(), ConfigError> {
        let wrong = |what: String| ConfigError(format!("{}: {what}", path.display()));
        let table: toml::Table = text
            .parse()
            .map_err(|error: toml::de::Error| wrong(error.to_string()))?;
        for (key, value) in table {
            let source = Source::File(path.to_owned());
            if let Some(setting) = settings::named(&key) {
                let value = plain(&value)
                    .ok_or_else(|| wrong(format!("{key} must be a text, a number or a list")))?;
                self.values.insert(setting.name, (value, source));
            } else if let Some(setting) = key.strip_suffix("_file").and_then(settings::named) {
                let named = plain(&value).unwrap_or_default();
                self.values.insert(
                    setting.name,
                    (secret_file(&key, Path::new(&named))?, source),
                );
            } else {
                return Err(wrong(unknown(&key)));
            }
        }
        Ok(())
    }

    fn add_environment(
        &mut self,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<(), ConfigError> {
        for (variable, value) in variables {
            let Some(name) = variable
                .strip_prefix(PREFIX)
                .filter(|_| !OTHERS.contains(&variable.as_str()))
            else {
                continue;
            };
            let name = name.to_ascii_lowercase();
            let source = Source::Environment(variable.clone());
            if let Some(setting) = settings::named(&name) {
                self.values.insert(setting.name, (value, source));
            } else if let Some(setting) = name.strip_suffix("_file").and_then(settings::named) {
                self.values.insert(
                    setting.name,
                    (secret_file(&variable, Path::new(&value))?, source),
                );
            } else if settings::closest(&name).is_some_and(|meant| distance(&name, meant) <= 2) {
                return Err(ConfigError(format!("environment: {}", unknown(&name))));
            }
            // Anything else is not meant for us: Kubernetes sets MEDIAVAULT_PORT and the like for a
            // service of that name.
        }
        Ok(())
    }
}

fn unknown(name: &str) -> String {
    match settings::closest(name) {
        Some(meant) => format!("there is no setting {name}; did you mean {meant}?"),
        None => format!("there is no setting {name}; `mediavault config show` lists them all"),
    }
}

/// A TOML value as it would be written in the environment.
fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Array(items) => {
            let parts: Option<Vec<String>> = items.iter().map(plain).collect();
            Some(parts?.join(","))
        }
        _ => None,
    }
}

fn secret_file(name: &str, path: &Path) -> Result<String, ConfigError> {
    let wrong =
        |what: &dyn fmt::Display| ConfigError(format!("{name}: {}: {what}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
    if text.len() > MAX_SECRET {
        return Err(wrong(&"too large for a secret"));
    }
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// The user's own file, else the machine's.
fn usual_files() -> Vec<PathBuf> {
    let own = directories::ProjectDirs::from("", "", "mediavault")
        .map(|dirs| dirs.config_dir().join("config.toml"));
    own.into_iter()
        .chain([PathBuf::from("/etc/mediavault/config.toml")])
        .collect()
}
