//! Whether the audit log says what it said.

use serde_json::json;
use service::audit::{Fault, Verdict, hex};

use crate::cli::{Ended, Failure};
use crate::commands::open;
use crate::config::Flags;
use crate::output;

pub async fn verify(flags: &Flags, as_json: bool) -> Result<Ended, Failure> {
    let opened = open(flags).await?;
    let read = opened.vault.verify_audit_logs_here().await;
    opened.close().await;
    let verdicts = read.map_err(anyhow::Error::from)?;
    let intact = verdicts.iter().all(|(_, verdict)| verdict.fault.is_none());
    for (tenant, verdict) in &verdicts {
        if as_json {
            output::line(&told(&tenant.to_string(), verdict).to_string())?;
        } else {
            output::line(&sentence(verdict))?;
        }
    }
    match intact {
        true => Ok(Ended::Done),
        false => Ok(Ended::Partly),
    }
}

fn told(tenant: &str, verdict: &Verdict) -> serde_json::Value {
    let head = verdict
        .head
        .as_ref()
        .map(|seal| json!({ "place": seal.place, "hash": hex(&seal.hash), "at": seal.at }));
    json!({
        "tenant": tenant,
        "intact": verdict.fault.is_none(),
        "entries": verdict.intact,
        "waiting": verdict.waiting,
        "first_place": verdict.first,
        "head": head,
        "fault": verdict.fault.as_ref().map(what),
    })
}

fn sentence(verdict: &Verdict) -> String {
    if let Some(fault) = &verdict.fault {
        return format!("{} after {} intact entries", what(fault), verdict.intact);
    }
    let head = verdict.head.as_ref().map_or_else(String::new, |seal| {
        format!(
            "; the last, at place {}, has the hash {}",
            seal.place,
            hex(&seal.hash)
        )
    });
    format!(
        "{} sealed entries are as they were, {} wait to be sealed{head}",
        verdict.intact, verdict.waiting
    )
}

fn what(fault: &Fault) -> String {
    match fault {
        Fault::Altered { place, entry } => {
            format!("altered: entry {entry} at place {place}")
        }
        Fault::Removed { place } => format!("removed: the entry at place {place}"),
        Fault::Inserted { entry, at } => {
            format!("inserted: entry {entry}, which says it happened at {at}")
        }
        Fault::Resealed { place } => {
            format!("altered and hashed anew: entries up to the seal at place {place}")
        }
        Fault::Forged { place } => {
            format!("forged: the signature at place {place} is not this vault's")
        }
    }
}
