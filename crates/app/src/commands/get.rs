//! `mediavault get`

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use domain::AssetId;
use serde_json::json;

use crate::cli::{Ended, Failure};
use crate::client::{Asset, Client, Connection};
use crate::download::{self, Fetched, Source};
use crate::output;

/// Download originals, byte for byte
///
/// A download that broke off goes on where it stopped. Every file is checked against its SHA-256
/// before it gets its name. A file that is there already with the right bytes is left alone.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Ids, or a query such as 'type:image after:2024-05'
    #[arg(required = true, value_name = "ID|QUERY")]
    what: Vec<String>,
    /// File or folder to write to; - writes a single asset to standard output
    #[arg(long, short, default_value = ".", value_name = "PATH")]
    output: PathBuf,
    /// Replace a file of that name instead of choosing another name
    #[arg(long)]
    force: bool,
    /// Download at most this many
    #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 10_000)]
    limit: usize,
    /// Attempts after the first, for each file
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    retries: u32,
    /// One JSON object a line instead of words
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    connection: Connection,
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    let client = args.connection.client()?;
    let assets = find(&client, &args).await?;
    if args.output == Path::new("-") {
        let [asset] = assets.as_slice() else {
            return Err(Failure::Usage(format!(
                "- takes one asset, this is {}",
                assets.len()
            )));
        };
        download::to_stdout(&client, &Source::of(asset)).await?;
        return Ok(Ended::Done);
    }
    let into_folder = args.output.is_dir()
        || assets.len() > 1
        || args.output.as_os_str().to_string_lossy().ends_with('/');
    if into_folder {
        std::fs::create_dir_all(&args.output)?;
    }
    let mut taken = HashSet::new();
    let mut ended = Ended::Done;
    for asset in &assets {
        let wanted = if into_folder {
            args.output.join(safe_name(&asset.file_name))
        } else {
            args.output.clone()
        };
        let fetched = match place(&wanted, asset, args.force, &mut taken) {
            Some(path) => download::to_file(&client, &Source::of(asset), &path, args.retries)
                .await
                .map(|()| Fetched::Saved(path)),
            None => Ok(Fetched::There(wanted)),
        };
        match fetched {
            Ok(fetched) => tell(&args, asset, &fetched)?,
            Err(error) => {
                tell_failure(&args, asset, &error.to_string())?;
                ended = Ended::Partly;
            }
        }
    }
    Ok(ended)
}

async fn find(client: &Client, args: &Args) -> Result<Vec<Asset>, Failure> {
    if args.what.iter().all(|what| what.parse::<AssetId>().is_ok()) {
        let mut assets = Vec::new();
        for id in &args.what {
            assets.push(client.get(&format!("/assets/{id}"), &[]).await?);
        }
        return Ok(assets);
    }
    let found = client
        .assets(&args.what.join(" "), "captured", args.limit)
        .await?;
    if found.is_empty() {
        return Err(anyhow::anyhow!("nothing found").into());
    }
    Ok(found)
}

/// Where the file goes; none when the right bytes are there already.
fn place(
    wanted: &Path,
    asset: &Asset,
    force: bool,
    taken: &mut HashSet<PathBuf>,
) -> Option<PathBuf> {
    let mut path = wanted.to_owned();
    for number in 2.. {
        if taken.insert(path.clone()) {
            if !path.exists() || force {
                return Some(path);
            }
            if download::has_bytes(&path, &Source::of(asset)) {
                return None;
            }
        }
        path = numbered(wanted, number);
    }
    None
}

/// `photo.jpg`, 2 → `photo (2).jpg`
fn numbered(path: &Path, number: u32) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name = match path.extension() {
        Some(extension) => format!("{stem} ({number}).{}", extension.to_string_lossy()),
        None => format!("{stem} ({number})"),
    };
    path.with_file_name(name)
}

/// A name from the vault, fit to be a file name here: no way out of the folder, not hidden.
fn safe_name(name: &str) -> String {
    let clean: String = name
        .chars()
        .map(|c| {
            if c == '/' || c == '\\' || c.is_control() {
                '_'
            } else {
                c
            }
        })
        .collect();
    let clean = clean.trim_start_matches('.').trim();
    if clean.is_empty() {
        "unnamed".to_owned()
    } else {
        clean.to_owned()
    }
}

fn tell(args: &Args, asset: &Asset, fetched: &Fetched) -> Result<(), Failure> {
    let (outcome, path) = match fetched {
        Fetched::Saved(path) => ("saved", path),
        Fetched::There(path) => ("there", path),
    };
    if args.json {
        let line = json!({"asset_id": asset.id, "outcome": outcome, "path": path, "sha256": asset.sha256, "size": asset.size});
        output::line(&line.to_string())?;
    } else {
        let words = if outcome == "there" {
            " (was there already)"
        } else {
            ""
        };
        output::line(&format!(
            "{}  {}{words}",
            output::size(asset.size),
            path.display()
        ))?;
    }
    Ok(())
}

fn tell_failure(args: &Args, asset: &Asset, reason: &str) -> Result<(), Failure> {
    if args.json {
        output::line(
            &json!({"asset_id": asset.id, "outcome": "failed", "reason": reason}).to_string(),
        )?;
    } else {
        eprintln!("failed: {} ({}): {reason}", asset.file_name, asset.id);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
