//! `mediavault export`

use std::path::{Path, PathBuf};

use reqwest::Method;
use tokio::io::AsyncWriteExt as _;

use crate::cli::{Ended, Failure};
use crate::client::{ClientError, Connection};
use crate::import;
use crate::output;

/// Save everything of yours as one ZIP
///
/// Originals, an XMP sidecar for each, and JSON lines from which `mediavault import archive` makes the
/// same library again. The trash and the locked folder are in it, too. The file gets its name when it
/// is whole.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to write the archive
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    connection: Connection,
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    let client = args.connection.client()?;
    if args.file.exists() && !args.force {
        let what = format!("{} is there already (--force)", args.file.display());
        return Err(Failure::Usage(what));
    }
    let part = part_of(&args.file);
    let answer = client.send(client.request(Method::GET, "/export")).await?;
    if let Err(error) = receive(answer, &part).await {
        // What came is not whole, and nothing can go on from it.
        tokio::fs::remove_file(&part).await?;
        return Err(error);
    }
    let looked = part.clone();
    let whole = tokio::task::spawn_blocking(move || import::vault::look(&looked)).await;
    let told = whole
        .map_err(|error| error.to_string())
        .flatten()
        .map_err(|reason| Failure::Unavailable(format!("what arrived is not whole: {reason}")))?;
    tokio::fs::rename(&part, &args.file).await?;
    output::line(&format!(
        "{}: {}, {}",
        args.file.display(),
        output::counted(told.assets, "original"),
        output::counted(told.collections, "collection"),
    ))?;
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
    let mut file = tokio::fs::File::create(part).await?;
    while let Some(chunk) = answer.chunk().await.map_err(ClientError::Unreachable)? {
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    file.sync_all().await?;
    Ok(())
}

fn part_of(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.part"))
}
