//! `mediavault verify --server URL`: a running vault checks itself; this follows it to the end.

use std::time::Duration;

use domain::Timestamp;
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::cli::{Ended, Failure};
use crate::client::{Client, ClientError, Connection};
use crate::output::{self, size};

/// How often it is asked how far it is.
const GLANCE: Duration = Duration::from_millis(500);

/// Findings asked for at a time.
const PAGE: &str = "200";

/// How a check stands, as the API tells it.
#[derive(Debug, Deserialize, Serialize)]
struct Check {
    id: String,
    state: String,
    started_at: Timestamp,
    bytes: u64,
    checked: u64,
    checked_bytes: u64,
    found: u64,
    repaired: u64,
    message: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Integrity {
    check: Option<Check>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Finding {
    store: String,
    kind: String,
    reason: String,
    found_at: Timestamp,
    outcome: String,
    problem: Option<String>,
    assets: Vec<Affected>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Affected {
    id: String,
    file_name: Option<String>,
    owner: String,
}

#[derive(Debug, Deserialize)]
struct Findings {
    items: Vec<Finding>,
    next_cursor: Option<String>,
}

pub async fn run(connection: &Connection, as_json: bool) -> Result<Ended, Failure> {
    let client = connection.client()?;
    let begun: Check = client.post("/system/verify", &json!({})).await?;
    let bar = ProgressBar::new(begun.bytes).with_style(style());
    let ended = tokio::select! {
        ended = follow(&client, &begun.id, &bar) => ended,
        _ = tokio::signal::ctrl_c() => {
            client.send(client.request(Method::DELETE, "/system/verify")).await?;
            bar.finish_and_clear();
            return Err(Failure::Usage("the check was cancelled".to_owned()));
        }
    };
    bar.finish_and_clear();
    let check = ended?;
    let open = tell(&client, &check, as_json).await?;
    let words = format!(
        "{} copies read ({}), {} wrong, {} repaired, {open} still damaged or missing.",
        check.checked,
        size(check.checked_bytes),
        check.found,
        check.repaired,
    );
    output::line(&if as_json {
        json!({"summary": check, "open": open}).to_string()
    } else {
        words
    })?;
    Ok(if open == 0 && check.state == "done" {
        Ended::Done
    } else {
        Ended::Partly
    })
}

/// Waits until the check is through, or somebody has ended it.
async fn follow(client: &Client, id: &str, bar: &ProgressBar) -> Result<Check, ClientError> {
    let mut said = None;
    loop {
        let integrity: Integrity = client.get("/system/integrity", &[]).await?;
        let check = integrity.check.filter(|check| check.id == id);
        if let Some(check) = check {
            bar.set_position(check.checked_bytes);
            if check.state != "running" {
                return Ok(check);
            }
            if check.message != said {
                if let Some(message) = &check.message {
                    bar.suspend(|| eprintln!("The check waits: {message}"));
                }
                said = check.message;
            }
        }
        tokio::time::sleep(GLANCE).await;
    }
}

/// Prints what is wrong, and what the check has found and mended. How many copies are wrong.
async fn tell(client: &Client, check: &Check, as_json: bool) -> Result<u64, Failure> {
    let open = list(client, true, |_| true).await?;
    let since = |finding: &Finding| finding.found_at >= check.started_at;
    let found = list(client, false, since).await?;
    let mended = found.iter().filter(|finding| finding.outcome != "open");
    for finding in open.iter().chain(mended) {
        output::line(&if as_json {
            json!({"finding": finding}).to_string()
        } else {
            in_words(finding)
        })?;
    }
    Ok(open.len() as u64)
}

/// Findings, the newest first, for as long as they are wanted.
async fn list(
    client: &Client,
    open: bool,
    wanted: impl Fn(&Finding) -> bool,
) -> Result<Vec<Finding>, ClientError> {
    let (open, mut cursor) = (open.to_string(), String::new());
    let mut found = Vec::new();
    loop {
        let query = [
            ("open", open.as_str()),
            ("limit", PAGE),
            ("cursor", cursor.as_str()),
        ];
        let page: Findings = client.get("/system/integrity/findings", &query).await?;
        for finding in page.items {
            if !wanted(&finding) {
                return Ok(found);
            }
            found.push(finding);
        }
        match page.next_cursor {
            Some(next) => cursor = next,
            None => return Ok(found),
        }
    }
}

fn in_words(finding: &Finding) -> String {
    let files: Vec<String> = finding
        .assets
        .iter()
        .map(|asset| {
            let name = asset.file_name.as_deref().unwrap_or("a locked file");
            format!("{name} ({})", asset.owner)
        })
        .collect();
    let mut text = format!(
        "{} in {}, {}: {}: {}",
        finding.kind,
        finding.store,
        finding.outcome,
        files.join(", "),
        finding.reason
    );
    if let Some(problem) = &finding.problem {
        text = format!("{text}; not repaired: {problem}");
    }
    text
}

fn style() -> ProgressStyle {
    let template = "{bar:30} {bytes} of {total_bytes}  {bytes_per_sec}  {elapsed}";
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
