//! `mediavault admin restore-roles`.

use identity::RestoredRole;
use serde_json::json;

use crate::cli::{Ended, Failure};
use crate::commands::open;
use crate::config::Flags;
use crate::output;

pub async fn restore(flags: &Flags, as_json: bool) -> Result<Ended, Failure> {
    let opened = open(flags).await?;
    let restored = opened.identity.restore_roles().await;
    opened.close().await;
    let restored = restored.map_err(anyhow::Error::from)?;
    if as_json {
        let list: Vec<_> = restored
            .iter()
            .map(|role| json!({ "role": role.name, "added": role.added, "removed": role.removed }))
            .collect();
        output::line(&json!({ "changed": list }).to_string())?;
        return Ok(Ended::Done);
    }
    if restored.is_empty() {
        output::line("The built-in roles are what they came with.")?;
    }
    for role in &restored {
        output::line(&told(role))?;
    }
    Ok(Ended::Done)
}

fn told(role: &RestoredRole) -> String {
    let signed = |sign: &str, permissions: domain::Permissions| {
        let words = permissions.iter().map(|each| format!(" {sign}{each}"));
        words.collect::<String>()
    };
    let (added, removed) = (signed("+", role.added), signed("-", role.removed));
    format!("{}:{added}{removed}", role.name)
}
