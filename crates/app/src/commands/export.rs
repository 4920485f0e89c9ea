//! `mediavault export`

use std::path::{Path, PathBuf};

use reqwest::Method;
use serde_json::json;
use service::export::Wish;
use tokio::io::AsyncWriteExt as _;
use tokio_util::sync::CancellationToken;

use super::upload::stop_on_ctrl_c;
use crate::cli::{Ended, Failure};
use crate::client::{Client, ClientError, Connection, User};
use crate::export::{self, Plan, Show, Summary};
use crate::import;
use crate::output;

/// Save everything of yours, as one ZIP or into a folder
///
/// Originals with what lies beside them, earlier versions, an XMP sidecar for each, and JSON lines from
/// which `mediavault import archive` makes the same library again. The trash is in it, too; the locked
/// folder only with --locked. The ZIP gets its name when it is whole. An export into a folder goes on where
/// it stopped, and a later one fetches only what is new.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to write the archive
    #[arg(value_name = "FILE", required_unless_present = "to")]
    file: Option<PathBuf>,
    /// Write into this folder instead: new, empty, or with an export of before
    #[arg(long, value_name = "DIR", conflicts_with_all = ["file", "force"])]
    to: Option<PathBuf>,
    /// What lies in the locked folder, too; whoever has the export can look at it
    #[arg(long)]
    locked: bool,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
    /// Say what is missing in the folder, and fetch nothing
    #[arg(long, requires = "to")]
    dry_run: bool,
    /// Files fetched at the same time into the folder
    #[arg(long, short, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
    /// Attempts after the first, for each file
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    retries: u32,
    /// One JSON object a file (into a folder), and a summary at the end, on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    let client = args.connection.client()?;
    let stop = CancellationToken::new();
    let watch = tokio::spawn(stop_on_ctrl_c(stop.clone()));
    let ended = match (&args.to, &args.file) {
        (Some(folder), _) => into_folder(&client, folder, &args, &stop).await,
        (None, Some(file)) => into_file(&client, file, &args, &stop).await,
        (None, None) => Err(Failure::Usage(
            "name a file, or a folder with --to".to_owned(),
        )),
    };
    watch.abort();
    ended
}

async fn into_folder(
    client: &Client,
    folder: &Path,
    args: &Args,
    stop: &CancellationToken,
) -> Result<Ended, Failure> {
    let _: User = client.get("/me", &[]).await?;
    let plan = Plan {
        jobs: usize::from(args.jobs),
        retries: args.retries,
        dry_run: args.dry_run,
        wish: Wish {
            locked: args.locked,
        },
    };
    let show = Show::new(args.json);
    let summary = export::run(client, folder, plan, &show, stop).await;
    show.finish();
    let summary = summary?;
    if args.json {
        output::line(&told(&summary).to_string())?;
    } else {
        output::line(&sentence(folder, &summary, args.dry_run))?;
    }
    let whole = summary.failed == 0 && !summary.stopped;
    Ok(if whole { Ended::Done } else { Ended::Partly })
}

fn told(summary: &Summary) -> serde_json::Value {
    json!({"summary": {
        "assets": summary.assets,
        "collections": summary.collections,
        "saved": summary.saved,
        "bytes": summary.bytes,
        "there": summary.there,
        "failed": summary.failed,
        "left": summary.left,
        "stopped": summary.stopped,
    }})
}

fn sentence(folder: &Path, summary: &Summary, dry_run: bool) -> String {
    let verb = if dry_run { "missing" } else { "saved" };
    let mut text = format!(
        "{}: {}, {}; {} {verb} ({}), {} there already, {} failed.",
        folder.display(),
        output::counted(summary.assets, "asset"),
        output::counted(summary.collections, "collection"),
        output::counted(summary.saved, "file"),
        output::size(summary.bytes),
        summary.there,
        summary.failed,
    );
    if summary.left > 0 {
        let left = output::counted(summary.left, "file");
        text.push_str(&format!(
            " {left} of before that the vault has no more stay there."
        ));
    }
    if summary.stopped {
        text.push_str(" It was stopped: run it again to go on.");
    } else if summary.failed > 0 {
        text.push_str(" Run it again to try those once more.");
    }
    text
}

async fn into_file(
    client: &Client,
    file: &Path,
    args: &Args,
    stop: &CancellationToken,
) -> Result<Ended, Failure> {
    if file.exists() && !args.force {
        let what = format!("{} is there already (--force)", file.display());
        return Err(Failure::Usage(what));
    }
    let part = part_of(file);
    let mut request = client.request(Method::GET, "/export");
    if args.locked {
        request = request.query(&[("locked", "1")]);
    }
    let answer = client.send(request).await?;
    let received = stop.run_until_cancelled(receive(answer, &part)).await;
    let stopped = || {
        let what = "stopped; a ZIP cannot be gone on with (--to DIR can)";
        Err(Failure::Unavailable(what.to_owned()))
    };
    if let Err(error) = received.unwrap_or_else(stopped) {
        // What came is not whole, and nothing can go on from it.
        if part.exists() {
            tokio::fs::remove_file(&part).await?;
        }
        return Err(error);
    }
    let looked = part.clone();
    let whole = tokio::task::spawn_blocking(move || import::vault::look(&looked)).await;
    let told = whole
        .map_err(|error| error.to_string())
        .flatten()
        .map_err(|reason| Failure::Unavailable(format!("what arrived is not whole: {reason}")))?;
    tokio::fs::rename(&part, file).await?;
    let line = match args.json {
        true => {
            let (assets, collections) = (told.assets, told.collections);
            let failed = told.problems.len();
            json!({"summary": {"assets": assets, "collections": collections, "failed": failed}})
                .to_string()
        }
        false => format!(
            "{}: {}, {}",
            file.display(),
            output::counted(told.assets, "original"),
            output::counted(told.collections, "collection"),
        ),
    };
    output::line(&line)?;
    for problem in &told.problems {
        eprintln!("not whole: {problem}");
    }
    Ok(if told.problems.is_empty() {
        Ended::Done
    } else {
        Ended::Partly
    })
}

async fn receive(mut answer: reqwest::Response, part: &Path) -> Result<(), Failure> {
    let disk = |error: std::io::Error| {
        let what = format!(
            "{}: {error}; free some room or name another place",
            part.display()
        );
        Failure::Unavailable(what)
    };
    let mut file = tokio::fs::File::create(part).await.map_err(disk)?;
    while let Some(chunk) = answer.chunk().await.map_err(ClientError::Unreachable)? {
        file.write_all(&chunk).await.map_err(disk)?;
    }
    file.flush().await.map_err(disk)?;
    file.sync_all().await.map_err(disk)
}

fn part_of(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.part"))
}
