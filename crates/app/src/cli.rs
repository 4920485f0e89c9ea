//! The command line as a whole: which commands there are, and what their exit codes mean.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::client::ClientError;
use crate::commands::{
    admin, completions, config, doctor, export, get, import, login, ls, openapi, search, serve,
    storage, upload, verify,
};
use crate::config::ConfigError;

/// Keeps, understands and finds photos, videos, audio and documents, on your own machine.
#[derive(Debug, Parser)]
#[command(name = "mediavault", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes:
  0  done
  1  some of it failed; the output says what
  2  called wrongly, or a setting is not valid
  3  the vault cannot be reached, is in use, or denies it";

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Args),
    Login(login::Args),
    Upload(upload::Args),
    Import(import::Args),
    Export(export::Args),
    Ls(ls::Args),
    Get(get::Args),
    Search(search::Args),
    Verify(verify::Args),
    Storage(storage::Args),
    Doctor(doctor::Args),
    Admin(admin::Args),
    Config(config::Args),
    Openapi(openapi::Args),
    Completions(completions::Args),
}

/// How a command ended, when nothing went wrong that stopped it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// All of it was done.
    Done,
    /// Some of it failed, and the output says what.
    Partly,
}

/// What stopped a command.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A setting is not valid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The vault did not answer, or not as hoped.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Called wrongly.
    #[error("{0}")]
    Usage(String),
    /// Something it needs is not there, in use or not allowed.
    #[error("{0}")]
    Unavailable(String),
    /// Anything else; nothing more specific can be done about it than to read it.
    #[error("{0:#}")]
    Other(#[from] anyhow::Error),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Other(error.into())
    }
}

impl Failure {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::Usage(_) | Self::Client(ClientError::Usage(_)) => 2,
            Self::Client(
                ClientError::Unreachable(_) | ClientError::Later { .. } | ClientError::Denied(_),
            )
            | Self::Client(ClientError::Garbled(_))
            | Self::Unavailable(_) => 3,
            Self::Client(ClientError::Refused(_)) | Self::Other(_) => 1,
        }
    }
}

impl Cli {
    /// Runs the command to its end.
    pub fn run(self) -> ExitCode {
        if !matches!(self.command, Command::Serve(_)) {
            start_log();
        }
        match self.command.run() {
            Ok(Ended::Done) => ExitCode::SUCCESS,
            Ok(Ended::Partly) => ExitCode::from(1),
            Err(failure) => {
                eprintln!("error: {failure}");
                ExitCode::from(failure.exit_code())
            }
        }
    }
}

impl Command {
    fn run(self) -> Result<Ended, Failure> {
        match self {
            Self::Serve(args) => on_threads(serve::run(args)),
            Self::Login(args) => on_threads(login::run(args)),
            Self::Upload(args) => on_threads(upload::run(args)),
            Self::Import(args) => on_threads(import::run(args)),
            Self::Export(args) => on_threads(export::run(args)),
            Self::Ls(args) => on_threads(ls::run(args)),
            Self::Get(args) => on_threads(get::run(args)),
            Self::Search(args) => on_threads(search::run(args)),
            Self::Verify(args) => on_threads(verify::run(args)),
            Self::Storage(args) => on_threads(storage::run(args)),
            Self::Doctor(args) => on_threads(doctor::run(args)),
            Self::Admin(args) => on_threads(admin::run(args)),
            Self::Config(args) => on_threads(config::run(args)),
            Self::Openapi(args) => openapi::run(&args),
            Self::Completions(args) => completions::run(&args),
        }
    }
}

/// What goes wrong behind a command is told on standard error; `serve` has a log of its own.
fn start_log() {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_writer(std::io::stderr)
        .without_time()
        .init();
}

/// Runs a command that waits for files and sockets.
fn on_threads(command: impl Future<Output = Result<Ended, Failure>>) -> Result<Ended, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.map_err(anyhow::Error::from)?.block_on(command)
}
