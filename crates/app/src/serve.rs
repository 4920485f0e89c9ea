//! Starts the vault, says where it is, keeps it running until it is asked to stop, and stops it in
//! the order that loses nothing: no new requests, running ones end, workers give back their jobs.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;

use anyhow::Context as _;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::config::{Config, LogFormat, Secret};
use crate::figures::Figures;
use crate::wiring::{self, Opened};

/// Serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// What could not be opened or listened on, in words for the operator.
pub async fn run(config: Config) -> anyhow::Result<()> {
    start_log(&config)?;
    let figures = Figures::start()?;
    allow_many_files();
    // Listen first: a port that is taken should not cost opening everything else.
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let opened = wiring::open(&config).await?;
    let chosen = config.setup_code.as_ref().map(Secret::reveal);
    let setup_code = opened.identity.setup_code(chosen).await?;
    let mut http = config.server.clone();
    http.public_url = Some(config.public_url());
    let router = server::router(server::App {
        vault: opened.vault.clone(),
        identity: opened.identity.clone(),
        config: Arc::new(http.clone()),
        clock: Arc::clone(&opened.clock),
        entropy: Arc::clone(&opened.entropy),
        figures: figures.scrape(),
    });
    opened.vault.let_replica_go().await?;
    let follower = opened.vault.start_follower().await?;
    let workers = opened.vault.start_workers();
    let keepers = opened.vault.start_keepers();
    welcome(&config, &opened, setup_code.as_deref()).await?;

    let shutdown = CancellationToken::new();
    let stopping = tokio::spawn(stop_on_signal(opened.vault.clone(), shutdown.clone()));
    let served = server::serve(listener, router, &http, shutdown).await;
    stopping.abort();
    opened.vault.drain();
    workers.stop().await;
    keepers.stop().await;
    follower.stop().await;
    opened.close().await;
    tracing::info!("stopped");
    served.context("the listener failed")
}

fn start_log(config: &Config) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log).context("log")?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let started = match config.log_format {
        LogFormat::Json => log.json().flatten_event(true).try_init(),
        LogFormat::Text => log.try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("the log cannot be started: {error}"))
}

/// Takes as many file descriptors as the system lets this process have: every open page holds one for
/// its event stream, and the usual soft limit of 1024 is for programs that use `select`.
fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: limit.maximum,
        ..limit
    };
    if let Err(error) = setrlimit(Resource::Nofile, most) {
        tracing::warn!(%error, "the limit on open files stays as it is");
    }
}

/// What a person who has just started it needs to know.
async fn welcome(config: &Config, opened: &Opened, setup_code: Option<&str>) -> anyhow::Result<()> {
    let saved = opened.vault.is_recovery_key_saved().await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n  Media Vault is running at {}", config.public_url())?;
    writeln!(out, "  Everything is kept in {}", config.data_dir.display())?;
    if let Some(code) = setup_code {
        writeln!(
            out,
            "\n  No account yet. Open the address above and make the first one."
        )?;
        writeln!(
            out,
            "  From another machine it takes this set-up code: {code}"
        )?;
    }
    if !saved {
        writeln!(
            out,
            "\n  Save the recovery key somewhere outside this machine. Without it, what is"
        )?;
        writeln!(
            out,
            "  encrypted here cannot be read should the data directory's key be lost:"
        )?;
        writeln!(
            out,
            "\n      {} admin recovery-key --data-dir {}",
            called_as(),
            config.data_dir.display()
        )?;
        writeln!(out, "\n  The page asks until you confirm that you have it.")?;
    }
    writeln!(out, "\n  Ctrl-C stops it.\n")?;
    out.flush()?;
    Ok(())
}

/// How this program was called, so that what it prints can be pasted.
fn called_as() -> String {
    let name = std::env::args_os().next();
    name.map_or_else(
        || "mediavault".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// Waits for SIGTERM or Ctrl-C, and lets load balancers see it before connections end.
async fn stop_on_signal(vault: service::Vault, shutdown: CancellationToken) {
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        },
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be caught; only Ctrl-C stops cleanly");
            if tokio::signal::ctrl_c().await.is_err() {
                return;
            }
        }
    }
    tracing::info!("stopping; running requests may end");
    vault.drain();
    shutdown.cancel();
}
