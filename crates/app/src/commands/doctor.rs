//! `mediavault doctor`

use serde_json::json;

use crate::cli::{Ended, Failure};
use crate::config::Flags;
use crate::doctor::{self, Finding, Verdict};
use crate::output;

/// Look for what keeps the vault from working, and say how to mend it
///
/// Changes nothing, and may be run while the vault runs. Ends with 1 when something is broken.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// One JSON object a finding
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    flags: Flags,
}

pub async fn run(args: Args) -> Result<Ended, Failure> {
    let (config, layers) = args.flags.load()?;
    let file = layers.file().map_or_else(
        || "no configuration file".to_owned(),
        |path| path.display().to_string(),
    );
    let settings = Finding {
        subject: "settings",
        verdict: Verdict::Fine,
        words: format!("valid ({file})"),
        remedy: None,
    };
    let mut findings = vec![settings];
    findings.extend(doctor::examine(&config).await);
    for finding in &findings {
        tell(finding, args.json)?;
    }
    let worst = findings.iter().map(|finding| finding.verdict).max();
    Ok(if worst == Some(Verdict::Broken) {
        Ended::Partly
    } else {
        Ended::Done
    })
}

fn tell(finding: &Finding, json: bool) -> Result<(), Failure> {
    let Finding {
        subject,
        verdict,
        words,
        remedy,
    } = finding;
    if json {
        let line = json!({"subject": subject, "verdict": verdict.as_str(), "found": words, "remedy": remedy});
        output::line(&line.to_string())?;
        return Ok(());
    }
    output::line(&format!("{:<8} {subject}: {words}", verdict.as_str()))?;
    if let Some(remedy) = remedy {
        output::line(&format!("         → {remedy}"))?;
    }
    Ok(())
}
