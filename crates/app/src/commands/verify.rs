//! `mediavault verify`

use blobs::verify::Finding;
use futures::TryStreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use service::integrity::Progress;

use crate::cli::{Ended, Failure};
use crate::client::Connection;
use crate::commands::open;
use crate::config::Flags;
use crate::output::{self, counted, size};

mod live;

/// Read every stored byte again and compare it with what ought to be there
///
/// Opens the data directory: stop the vault first, or name a running one with --server, which checks
/// the replica, too, and repairs what it can. Ends with 1 when something is damaged or missing. What
/// nobody refers to is told, and is no damage: the vault sweeps it away after a day.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Have the running vault at this address check itself
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// API key for that [default: the one that `login` stored]
    #[arg(
        long,
        env = "MEDIAVAULT_KEY",
        value_name = "KEY",
        hide_env_values = true,
        requires = "server"
    )]
    key: Option<String>,
    /// One JSON object a finding, and a summary at the end
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    flags: Flags,
}

/// What was seen so far.
#[derive(Debug, Default)]
struct Tally {
    sound: usize,
    bytes: u64,
    damaged: usize,
    orphans: usize,
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    if let Some(url) = args.server {
        let connection = Connection {
            url: Some(url),
            key: args.key,
        };
        return live::run(&connection, args.json).await;
    }
    let opened = open(&args.flags).await?;
    // Hidden where standard error is no terminal.
    let bar = ProgressBar::new_spinner().with_style(style());
    let mut tally = Tally::default();
    let result = look(&opened.vault, &args, &bar, &mut tally).await;
    bar.finish_and_clear();
    opened.close().await;
    result?;
    output::line(&if args.json {
        tally.json().to_string()
    } else {
        tally.words()
    })?;
    Ok(if tally.damaged == 0 {
        Ended::Done
    } else {
        Ended::Partly
    })
}

async fn look(
    vault: &service::Vault,
    args: &Args,
    bar: &ProgressBar,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let mut seen = std::pin::pin!(vault.verify());
    while let Some(progress) = seen.try_next().await.map_err(anyhow::Error::from)? {
        match progress {
            Progress::Sound { bytes } => {
                tally.sound += 1;
                tally.bytes += bytes;
                bar.inc(bytes);
            }
            Progress::Found(finding) => {
                if matches!(finding, Finding::Orphan { .. }) {
                    tally.orphans += 1;
                } else {
                    tally.damaged += 1;
                }
                let line = if args.json {
                    as_json(&finding).to_string()
                } else {
                    as_words(&finding)
                };
                bar.suspend(|| output::line(&line))?;
            }
        }
    }
    Ok(())
}

impl Tally {
    fn words(&self) -> String {
        format!(
            "{} sound ({}), {} damaged or missing, {} that nobody refers to.",
            counted(self.sound, "blob"),
            size(self.bytes),
            self.damaged,
            self.orphans
        )
    }

    fn json(&self) -> Value {
        json!({"summary": {
            "sound": self.sound, "bytes": self.bytes, "damaged": self.damaged, "orphans": self.orphans,
        }})
    }
}

fn as_words(finding: &Finding) -> String {
    match finding {
        Finding::Flipped { key, reason } => format!("damaged: {key}: {reason}"),
        Finding::Missing { key } => format!("missing: {key}"),
        Finding::WrongSize {
            key,
            expected,
            found,
        } => {
            format!("damaged: {key}: has {found} bytes, ought to have {expected}")
        }
        Finding::Unreadable { key, reason } => format!("unreadable: {key}: {reason}"),
        Finding::Orphan { key, size: bytes } => format!("orphan: {key} ({})", size(*bytes)),
    }
}

fn as_json(finding: &Finding) -> Value {
    match finding {
        Finding::Flipped { key, reason } => {
            json!({"finding": "flipped", "object": key, "reason": reason})
        }
        Finding::Missing { key } => json!({"finding": "missing", "object": key}),
        Finding::WrongSize {
            key,
            expected,
            found,
        } => {
            json!({"finding": "wrong_size", "object": key, "expected": expected, "found": found})
        }
        Finding::Unreadable { key, reason } => {
            json!({"finding": "unreadable", "object": key, "reason": reason})
        }
        Finding::Orphan { key, size } => json!({"finding": "orphan", "object": key, "size": size}),
    }
}

fn style() -> ProgressStyle {
    let template = "{spinner} {bytes} read  {bytes_per_sec}  {elapsed}";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
