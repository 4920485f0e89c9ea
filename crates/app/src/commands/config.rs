//! `mediavault config`

use clap::Subcommand;

use crate::cli::{Ended, Failure};
use crate::config::{ConfigError, Flags, SETTINGS};
use crate::doctor::{self, Verdict};
use crate::output::{self, Table};

/// Check or show the settings
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Check the settings without starting anything; a bucket is asked whether they open it
    Check {
        #[command(flatten)]
        flags: Flags,
    },
    /// Show every setting with its value and where that came from; secrets stay hidden
    Show {
        #[command(flatten)]
        flags: Flags,
        /// One JSON object: name to value and source
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    match args.action {
        Action::Check { flags } => check(&flags).await,
        Action::Show { flags, json } => show(&flags, json),
    }
}

async fn check(flags: &Flags) -> Result<Ended, Failure> {
    let (config, layers) = flags.load()?;
    let store = doctor::examine_store(&config).await;
    if store.verdict == Verdict::Broken {
        let what = format!("{}: {}", store.subject, store.words);
        return Err(ConfigError(what).into());
    }
    match layers.file() {
        Some(path) => output::line(&format!("The settings are fine ({}).", path.display()))?,
        None => output::line("The settings are fine (there is no configuration file).")?,
    }
    Ok(Ended::Done)
}

fn show(flags: &Flags, json: bool) -> Result<Ended, Failure> {
    let (config, layers) = flags.load()?;
    let source = |name| {
        layers
            .source(name)
            .map_or_else(|| "default".to_owned(), ToString::to_string)
    };
    if json {
        let all: serde_json::Map<_, _> = SETTINGS
            .iter()
            .map(|setting| {
                let value = serde_json::json!({"value": (setting.show)(&config), "source": source(setting.name)});
                (setting.name.to_owned(), value)
            })
            .collect();
        output::line(&serde_json::Value::Object(all).to_string())?;
        return Ok(Ended::Done);
    }
    let mut table = Table::new(&["SETTING", "VALUE", "SOURCE"]);
    for setting in SETTINGS {
        table.row([
            setting.name.to_owned(),
            (setting.show)(&config),
            source(setting.name),
        ]);
    }
    table.print()?;
    Ok(Ended::Done)
}
