//! Follows the change log and tells listeners. Every node does this for itself, so an event reaches
//! a browser whichever node wrote the change and whichever the browser asked.

use std::time::Duration;

use catalog::changes::{self, Change, ChangeCursor, ChangeKind, Since};
use catalog::visibility;
use domain::{TenantId, UserId, Visibility};
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt};
use identity::Caller;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::Vault;
use crate::error::{Error, Result};
use crate::hub::{Event, Heard, Listener};

/// How often a node looks for changes that another node wrote.
const POLL: Duration = Duration::from_secs(1);

/// Changes read at a time.
const PAGE: u32 = 500;

/// Most changes replayed to a listener that comes back; one that missed more loads anew.
const MAX_REPLAY: usize = 5_000;

/// The follower of one node.
pub struct Follower {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Follower {
    /// Stops following.
    pub async fn stop(self) {
        // The receiver lives as long as the task; if it is gone there is nothing to stop.
        let _ = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the follower did not stop cleanly");
        }
    }
}

impl Vault {
    /// Starts telling listeners what is written from now on.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn start_follower(&self) -> Result<Follower> {
        let head = self.catalog().read(|tx| changes::head(tx).boxed()).await?;
        let (stop, stopped) = watch::channel(false);
        Ok(Follower {
            stop,
            task: tokio::spawn(self.clone().follow(head, stopped)),
        })
    }

    async fn follow(self, mut at: ChangeCursor, mut stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            match self.changes_since(at).await {
                Ok(Since::Changes(page)) if !page.is_empty() => {
                    for change in page {
                        at = change.cursor;
                        let library = (change.change.tenant, change.change.owner);
                        let event = event(change);
                        // Before anybody hears of it, nothing here believes the old state any more.
                        match event.kind {
                            ChangeKind::AccessChanged => self.identity().access_changed(),
                            ChangeKind::CollectionUpdated | ChangeKind::CollectionDeleted => {
                                self.shelf().forget_standings();
                            }
                            _ => {}
                        }
                        self.shelf().forget(event.tenant, event.subject.into());
                        self.counted().forget(library);
                        self.hub().publish(event);
                    }
                    continue;
                }
                Ok(Since::Changes(_)) => {}
                Ok(Since::TooOld) => {
                    tracing::warn!("the follower fell behind the change log; listeners start over");
                    match self.catalog().read(|tx| changes::head(tx).boxed()).await {
                        Ok(head) => at = head,
                        Err(error) => tracing::warn!(%error, "the change log cannot be read"),
                    }
                    self.counted().clear();
                    self.hub().reset();
                }
                Err(error) => tracing::warn!(%error, "the change log cannot be read"),
            }
            tokio::select! {
                () = self.changed().notified() => {}
                () = tokio::time::sleep(POLL) => {}
                _ = stopped.changed() => break,
            }
        }
    }

    async fn changes_since(&self, at: ChangeCursor) -> Result<Since> {
        Ok(self
            .catalog()
            .read(move |tx| changes::since(tx, at, PAGE).boxed())
            .await?)
    }

    /// What the caller may hear of, from after `last` (as an earlier event named it) or from now.
    ///
    /// # Errors
    /// A field problem for a cursor that is not one of ours.
    pub async fn events(
        &self,
        caller: &Caller,
        last: Option<&str>,
    ) -> Result<BoxStream<'static, Heard>> {
        let after: Option<ChangeCursor> = match last {
            None | Some("") => None,
            Some(text) => Some(
                text.parse()
                    .map_err(|_| Error::field("Last-Event-ID", "not an id of ours"))?,
            ),
        };
        // Listen first, so that nothing falls between what is replayed and what comes live, nor between
        // what the caller may see and the news that this has changed.
        let mut listener = self.hub().listen(caller.visibility());
        let visibility = self.sight(caller.tenant, caller.user).await?;
        listener.see(visibility.clone());
        let mut live = Live {
            vault: self.clone(),
            tenant: caller.tenant,
            user: caller.user,
            listener,
            seen: None,
            due: None,
        };
        let Some(after) = after else {
            return Ok(live.stream());
        };
        let mut missed = Vec::new();
        let mut at = after;
        loop {
            let Since::Changes(page) = self.changes_since(at).await? else {
                return Ok(stream::once(async { Heard::Reset }).boxed());
            };
            let Some(last) = page.last() else { break };
            at = last.cursor;
            missed.extend(
                page.into_iter()
                    .map(event)
                    .filter(|event| event.visible_to(&visibility)),
            );
            let access = |event: &Event| event.kind == ChangeKind::AccessChanged;
            if missed.len() > MAX_REPLAY || missed.iter().any(access) {
                return Ok(stream::once(async { Heard::Reset }).boxed());
            }
        }
        live.seen = Some(at);
        let replay = stream::iter(missed.into_iter().map(Heard::Event));
        Ok(replay.chain(live.stream()).boxed())
    }

    /// What a user may see at this moment.
    async fn sight(&self, tenant: TenantId, user: UserId) -> Result<Visibility> {
        Ok(self
            .catalog()
            .read(move |tx| visibility::of_user(tx, tenant, user).boxed())
            .await?)
    }
}

/// Events as they happen, for one user.
struct Live {
    vault: Vault,
    tenant: TenantId,
    user: UserId,
    listener: Listener,
    /// Up to here was replayed.
    seen: Option<ChangeCursor>,
    /// To be said next.
    due: Option<Heard>,
}

impl Live {
    fn stream(self) -> BoxStream<'static, Heard> {
        stream::unfold(Some(self), |live| async move { live?.next().await }).boxed()
    }

    /// What is heard next, and the stream that goes on from there, if it does.
    async fn next(mut self) -> Option<(Heard, Option<Self>)> {
        if let Some(due) = self.due.take() {
            return Some((due, Some(self)));
        }
        loop {
            match self.listener.next().await {
                Heard::Event(event) if self.seen.is_some_and(|seen| event.place <= seen) => {}
                Heard::Event(event) if event.kind == ChangeKind::AccessChanged => {
                    return self.look_again(event).await;
                }
                Heard::Event(event) => return Some((Heard::Event(event), Some(self))),
                Heard::Reset => return Some((Heard::Reset, None)),
                Heard::End => return None,
            }
        }
    }

    /// Resolves anew what may be heard of. If it is something else, what was loaded before is no longer
    /// what there is to see.
    async fn look_again(mut self, event: Event) -> Option<(Heard, Option<Self>)> {
        match self.vault.sight(self.tenant, self.user).await {
            Ok(visibility) => {
                if visibility != *self.listener.visibility() {
                    self.listener.see(visibility);
                    self.due = Some(Heard::Reset);
                }
                Some((Heard::Event(event), Some(self)))
            }
            Err(error) => {
                // The listener comes back, and is looked at anew then.
                tracing::warn!(%error, "what a listener may hear of cannot be told; it starts over");
                Some((Heard::Reset, None))
            }
        }
    }
}

fn event(change: Change) -> Event {
    Event {
        place: change.cursor,
        kind: change.change.kind,
        status: change.change.status,
        tenant: change.change.tenant,
        containers: change.change.containers(),
        subject: change.change.subject,
    }
}
