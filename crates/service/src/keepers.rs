//! What tidies up while nobody looks: each keeper does one thing, again and again, and says what it
//! did. None of them is needed for anything to be correct; without them room is lost, not data.

mod expire;
mod seal;
pub(crate) mod sweep;

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::Vault;
use crate::error::Result;
use crate::resumable::tidy;

/// The keepers of one node.
pub struct Keepers {
    vault: Vault,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// One keeper: its name, how often it comes by, what it does.
struct Keeper {
    name: &'static str,
    every: Duration,
    round: fn(Vault) -> futures::future::BoxFuture<'static, Result<u64>>,
}

const KEEPERS: &[Keeper] = &[
    Keeper {
        name: "read settings",
        every: Duration::from_secs(3),
        round: |vault| Box::pin(async move { vault.load_settings().await.map(|()| 0) }),
    },
    Keeper {
        name: "look through folders",
        every: Duration::from_secs(2),
        round: |vault| Box::pin(crate::external::scan::due(vault)),
    },
    Keeper {
        name: "copy to the replica",
        every: Duration::from_secs(2),
        round: |vault| Box::pin(crate::replica::copying::round(vault)),
    },
    Keeper {
        name: "read copies again",
        every: Duration::from_secs(3),
        round: |vault| Box::pin(crate::integrity::scrub::round(vault)),
    },
    Keeper {
        name: "expire uploads",
        every: minutes(1),
        round: |vault| Box::pin(expire::uploads(vault)),
    },
    Keeper {
        name: "complete uploads left behind",
        every: minutes(1),
        round: |vault| Box::pin(tidy::complete_stranded(vault)),
    },
    Keeper {
        name: "end resumable uploads",
        every: Duration::from_secs(10),
        round: |vault| Box::pin(tidy::end(vault)),
    },
    Keeper {
        name: "empty trash",
        every: minutes(60),
        round: |vault| Box::pin(expire::trash(vault)),
    },
    Keeper {
        name: "prune change log",
        every: minutes(60),
        round: |vault| Box::pin(expire::changes(vault)),
    },
    Keeper {
        name: "seal audit log",
        every: Duration::from_secs(10),
        round: |vault| Box::pin(seal::audit_log(vault)),
    },
    Keeper {
        name: "prune audit log",
        every: minutes(60),
        round: |vault| Box::pin(seal::old_audit_log(vault)),
    },
    Keeper {
        name: "delete condemned",
        every: minutes(10),
        round: |vault| Box::pin(sweep::condemned(vault)),
    },
    Keeper {
        name: "recount references",
        every: minutes(6 * 60),
        round: |vault| Box::pin(sweep::recount(vault)),
    },
    Keeper {
        name: "sweep orphans",
        every: minutes(6 * 60),
        round: |vault| Box::pin(sweep::orphans(vault)),
    },
];

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

impl Vault {
    /// Starts the keepers.
    pub fn start_keepers(&self) -> Keepers {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for keeper in KEEPERS {
            tasks.spawn(keep(self.clone(), keeper, stopped.clone()));
        }
        Keepers {
            vault: self.clone(),
            stop,
            tasks,
        }
    }
}

impl Keepers {
    /// Lets each finish its round and stops them. What happened last is sealed before the end.
    pub async fn stop(mut self) {
        // The receivers live as long as the tasks; if they are gone there is nothing to stop.
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
        if let Err(error) = self.vault.seal_audit_log().await {
            tracing::warn!(%error, "the end of the audit log waits to be sealed until the next start");
        }
    }
}

async fn keep(vault: Vault, keeper: &'static Keeper, mut stopped: watch::Receiver<bool>) {
    loop {
        match (keeper.round)(vault.clone()).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(keeper = keeper.name, count, "tidied up"),
            Err(error) => tracing::warn!(keeper = keeper.name, %error, "could not tidy up"),
        }
        tokio::select! {
            () = tokio::time::sleep(keeper.every) => {}
            _ = stopped.changed() => return,
        }
    }
}
