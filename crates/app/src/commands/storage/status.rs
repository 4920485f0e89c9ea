//! `mediavault storage status`

use serde_json::{Value, json};
use service::relocate::Standing;

use crate::cli::{Ended, Failure};
use crate::commands::open;
use crate::config::Flags;
use crate::output::{self, Table, size};

pub async fn run(flags: &Flags, as_json: bool) -> Result<Ended, Failure> {
    let opened = open(flags).await?;
    let stores = opened.vault.standings().await;
    opened.close().await;
    let stores = stores.map_err(anyhow::Error::from)?;
    if as_json {
        let stores: Vec<Value> = stores.iter().map(in_json).collect();
        output::line(&json!({"stores": stores}).to_string())?;
        return Ok(Ended::Done);
    }
    let mut table = Table::new(&["PART", "COPIES", "BYTES", "WRONG", "TO COME", "STORE"]);
    for one in &stores {
        table.row([
            one.role.to_string(),
            one.sums.copies.to_string(),
            size(one.sums.bytes),
            (one.sums.damaged + one.sums.missing).to_string(),
            one.behind.count.to_string(),
            one.name.clone(),
        ]);
    }
    table.print()?;
    Ok(Ended::Done)
}

fn in_json(one: &Standing) -> Value {
    json!({
        "role": one.role, "name": one.name, "copies": one.sums.copies, "bytes": one.sums.bytes,
        "damaged": one.sums.damaged, "missing": one.sums.missing,
        "behind": {"count": one.behind.count, "bytes": one.behind.bytes},
    })
}
