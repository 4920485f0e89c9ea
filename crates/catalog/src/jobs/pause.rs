//! Pauses: for a while nobody is given jobs of a kind, on any node. A pause is a lease: it ends by
//! itself, so that one that was forgotten does not stop the vault for ever.

use domain::{Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::{Error, Tx, settings};

/// Settings under which pauses are kept begin with this; the kind follows, or [`ALL`].
const PREFIX: &str = "jobs_paused/";

/// Stands for every kind.
const ALL: &str = "*";

/// A pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// The kind of job; `None`: all.
    pub kind: Option<String>,
    /// When it ends.
    pub until: Timestamp,
    /// Who paused; `None`: somebody at the machine.
    pub by: Option<UserId>,
}

/// What is kept of it.
#[derive(Serialize, Deserialize)]
struct Kept {
    until: Timestamp,
    by: Option<UserId>,
}

fn name(kind: Option<&str>) -> String {
    format!("{PREFIX}{}", kind.unwrap_or(ALL))
}

/// Pauses a kind of job, or all; replaces the pause before.
///
/// # Errors
/// Those of the database.
pub async fn pause(tx: &mut Tx, pause: &Pause, now: Timestamp) -> Result<(), Error> {
    let kept = Kept {
        until: pause.until,
        by: pause.by,
    };
    let kept = serde_json::to_value(kept).map_err(Error::database)?;
    settings::put(tx, &name(pause.kind.as_deref()), &kept, now).await
}

/// Ends the pause of a kind of job, or that of all. Whether there was one.
///
/// # Errors
/// Those of the database.
pub async fn resume(tx: &mut Tx, kind: Option<&str>) -> Result<bool, Error> {
    Ok(settings::take(tx, &name(kind)).await?.is_some())
}

/// The pauses that hold at `now` and concern one of these kinds.
///
/// # Errors
/// Those of the database.
pub async fn pauses(tx: &mut Tx, kinds: &[&str], now: Timestamp) -> Result<Vec<Pause>, Error> {
    let names = kinds.iter().map(|kind| name(Some(kind)));
    let names: Vec<String> = names.chain([name(None)]).collect();
    let mut pauses = Vec::new();
    for (name, value) in settings::get_all(tx, &names).await? {
        let kept: Kept = serde_json::from_value(value).map_err(|_| Error::Inconsistent {
            table: "setting",
            column: "value",
            row: name.clone(),
        })?;
        if kept.until > now {
            let kind = name.strip_prefix(PREFIX).filter(|kind| *kind != ALL);
            pauses.push(Pause {
                kind: kind.map(str::to_owned),
                until: kept.until,
                by: kept.by,
            });
        }
    }
    Ok(pauses)
}
