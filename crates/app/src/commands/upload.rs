//! `mediavault upload`

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::cli::{Ended, Failure};
use crate::client::{Client, Connection, User};
use crate::import::albums::{self, Wanted};
use crate::output;
use crate::upload::watch::{self, Notice, Totals};
use crate::upload::{self, Plan, Report, Style};

/// How often a collection is tried before it is given up.
const ALBUM_TRIES: u32 = 20;

/// Upload files and folders
///
/// Files are hashed first, and those the vault has already are not sent. Hidden files are left out.
/// Ctrl-C stops; the report then says what is not in the vault. Running it again goes on: files of 32 MiB
/// and more are sent in pieces, and go on in the middle. With --watch it stays, and uploads whatever
/// appears or changes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Files sent at the same time
    #[arg(long, short, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
    /// Attempts after the first, for each file
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    retries: u32,
    /// Say what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Put what is sent, and what is there already, into a collection: NAME, or without it one named
    /// after each file's folder
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    album: Option<String>,
    /// Stay, and upload what appears or changes, once it has stopped growing
    #[arg(long, conflicts_with = "dry_run")]
    watch: bool,
    /// With --watch: look through the folders every so many seconds, instead of being told by the system,
    /// as network shares do not tell
    #[arg(long, value_name = "SECONDS", requires = "watch", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    poll: Option<u64>,
    /// Name every file, also those that went well
    #[arg(long, short)]
    verbose: bool,
    /// One JSON object a file, and a summary at the end, on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    let client = args.connection.client()?;
    // Before hours are spent on hashing: is there a vault, and does it know us?
    let _: User = client.get("/me", &[]).await?;
    let plan = Plan {
        jobs: usize::from(args.jobs),
        retries: args.retries,
        dry_run: args.dry_run,
        style: if args.json {
            Style::Json
        } else {
            Style::People
        },
        verbose: args.verbose,
    };
    let stop = CancellationToken::new();
    let watch = tokio::spawn(stop_on_ctrl_c(stop.clone()));
    if args.watch {
        return stay(&client, &args, &plan, stop).await;
    }
    let (report, outcome) = upload::run(&client, &args.paths, &plan, stop.clone()).await;
    let interrupted = watch.is_finished();
    watch.abort();
    if args.json {
        output::line(&report.json().to_string())?;
    } else {
        eprintln!("{}", report.text());
    }
    outcome?;
    let mut whole = report.is_clean() && !interrupted;
    if let Some(name) = &args.album
        && !args.dry_run
    {
        whole &= fill_albums(&client, &report.assets(), name).await;
    }
    Ok(if whole { Ended::Done } else { Ended::Partly })
}

/// Uploads what is there and what comes, until somebody ends it.
async fn stay(
    client: &Client,
    args: &Args,
    plan: &Plan,
    stop: CancellationToken,
) -> Result<Ended, Failure> {
    let notice = args.poll.map_or(Notice::Told, |seconds| {
        Notice::Polled(Duration::from_secs(seconds))
    });
    eprintln!("Watching. Ctrl-C ends it.");
    // What is in the vault and not in its collection yet: the vault may go away between the two.
    let mut loose: Vec<(PathBuf, String)> = Vec::new();
    let (mut tries, mut lost) = (0, false);
    let round = async |report: &Report| {
        let Some(name) = &args.album else { return true };
        loose.extend(report.assets());
        if loose.is_empty() || fill_albums(client, &loose, name).await {
            loose.clear();
            tries = 0;
        } else {
            tries += 1;
        }
        // Not the vault's absence, then: what was put in was deleted, or the collection is not ours.
        if tries == ALBUM_TRIES {
            loose.clear();
            lost = true;
        }
        loose.is_empty()
    };
    let totals = watch::run(client, &args.paths, plan, notice, stop, round).await?;
    let Totals {
        uploaded,
        duplicate,
        failed,
    } = totals;
    if args.json {
        let summary = json!({"uploaded": uploaded, "duplicate": duplicate, "failed": failed});
        output::line(&json!({"summary": summary}).to_string())?;
    } else {
        let files = output::counted(uploaded, "file");
        eprintln!("{files} uploaded, {duplicate} already there, {failed} failed.");
    }
    let whole = failed == 0 && loose.is_empty() && !lost;
    Ok(if whole { Ended::Done } else { Ended::Partly })
}

/// Puts what is in the vault into collections; says what went wrong, and whether nothing did.
async fn fill_albums(client: &Client, assets: &[(PathBuf, String)], name: &str) -> bool {
    let mut wanted: BTreeMap<String, Wanted> = BTreeMap::new();
    for (path, asset) in assets {
        let folder = || {
            path.canonicalize()
                .ok()?
                .parent()?
                .file_name()
                .map(OsStr::to_owned)
        };
        let album = match name {
            "" => folder().map(|folder| folder.to_string_lossy().into_owned()),
            name => Some(name.to_owned()),
        };
        if let Some(album) = album {
            wanted.entry(album).or_default().assets.push(asset.clone());
        }
    }
    let made = albums::make(client, wanted).await;
    for album in &made {
        if let Some(problem) = &album.problem {
            eprintln!("album {}: {problem}", album.name);
        }
    }
    made.iter().all(|album| album.problem.is_none())
}

/// The first Ctrl-C or SIGTERM stops with a report; a second Ctrl-C ends at once.
pub(super) async fn stop_on_ctrl_c(stop: CancellationToken) {
    let asked = async {
        match signal(SignalKind::terminate()) {
            Ok(mut term) => {
                tokio::select! {
                    pressed = tokio::signal::ctrl_c() => pressed.is_ok(),
                    told = term.recv() => told.is_some(),
                }
            }
            Err(_) => tokio::signal::ctrl_c().await.is_ok(),
        }
    };
    if asked.await {
        stop.cancel();
        tokio::spawn(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(130);
            }
        });
    }
}
