//! Settings: one table of names, layered from file, environment and flags, each value remembered
//! with where it came from so that a complaint can name both.
//!
//! The file is TOML with the names as keys; the environment has them as `MEDIAVAULT_LISTEN`, flags
//! as `--listen`. A flag wins over the environment, that over the file, that over the default.
//! `MEDIAVAULT_<NAME>_FILE` and `<name>_file` name a file that holds the value (container secrets).

mod assemble;
mod layers;
mod settings;
mod size;
mod value;

#[cfg(test)]
mod tests;

pub use assemble::Config;
pub use layers::{Layers, Source};
pub use settings::{SETTINGS, Setting};
pub use size::parse as parse_size;
pub use value::{Encryption, LogFormat, Secret};

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command};

/// What is wrong with the settings, in words for the operator: setting, source, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// Flags of every command that reads the settings: `--config` and one flag for each of them.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    file: Option<PathBuf>,
    values: Vec<(&'static Setting, String)>,
}

impl Flags {
    /// Reads file, environment and these flags.
    ///
    /// # Errors
    /// The first thing wrong, with its source.
    pub fn load(&self) -> Result<(Config, Layers), ConfigError> {
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        let layers = Layers::read(self.file.as_deref(), environment, &self.values)?;
        let config = Config::assemble(&layers)?;
        Ok((config, layers))
    }
}

impl clap::FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.file = matches.get_one::<PathBuf>("config").cloned();
        self.values = SETTINGS
            .iter()
            .filter_map(|setting| Some((setting, matches.get_one::<String>(setting.name)?.clone())))
            .collect();
        Ok(())
    }
}

impl clap::Args for Flags {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new("config")
            .long("config")
            .value_name("FILE")
            .env("MEDIAVAULT_CONFIG")
            .value_parser(clap::value_parser!(PathBuf))
            .help("Read settings from this TOML file instead of the usual places");
        SETTINGS.iter().fold(command.arg(file), |command, setting| {
            let flag = setting.name.replace('_', "-");
            // Flags of a process can be read by everybody on the machine.
            let hint = if setting.secret {
                "; better from a file, by MEDIAVAULT_…_FILE"
            } else {
                ""
            };
            command.arg(
                Arg::new(setting.name)
                    .long(flag)
                    .value_name(setting.value)
                    .help(format!("{}{hint}", setting.help))
                    .help_heading("Settings (also in the file and as MEDIAVAULT_…)"),
            )
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
