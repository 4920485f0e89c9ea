//! The event hub of one node: what the follower read from the change log, offered to whoever may
//! see it. Bounded: a listener that falls behind is told to start over, never served late guesses.

use catalog::changes::{ChangeCursor, ChangeKind};
use domain::{Container, Status, TenantId, Visibility};
use tokio::sync::broadcast;
use uuid::Uuid;

/// Events a slow listener may lag behind before it is told to start over.
const CAPACITY: usize = 4096;

/// One change, as seen from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Place in the change log; a listener resumes after it.
    pub place: ChangeCursor,
    /// What happened.
    pub kind: ChangeKind,
    /// How far the asset's processing has come, where it is one and still there.
    pub status: Option<Status>,
    /// The tenant it happened in.
    pub tenant: TenantId,
    /// Where its news goes; decides who hears of it. What is hidden from others names its owner alone.
    pub containers: Vec<Container>,
    /// The asset, collection or user it is about, as its kind says.
    pub subject: Uuid,
}

impl Event {
    /// Whether someone with `visibility` may hear of it.
    pub fn visible_to(&self, visibility: &Visibility) -> bool {
        visibility.hears(self.tenant, &self.containers)
    }
}

/// Where events go and listeners subscribe.
#[derive(Clone)]
pub struct Hub {
    sender: broadcast::Sender<Heard>,
}

/// What a listener hears next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Something changed.
    Event(Event),
    /// It fell behind, or its cursor is too old: load everything anew.
    Reset,
    /// The vault is stopping.
    End,
}

impl Hub {
    pub(crate) fn new() -> Self {
        Self {
            sender: broadcast::channel(CAPACITY).0,
        }
    }

    /// How many listen.
    pub(crate) fn listeners(&self) -> usize {
        self.sender.receiver_count()
    }

    pub(crate) fn publish(&self, event: Event) {
        // No listener is not a failure: the log keeps the event for those who come later.
        let _ = self.sender.send(Heard::Event(event));
    }

    /// Tells everybody to start over.
    pub(crate) fn reset(&self) {
        let _ = self.sender.send(Heard::Reset);
    }

    pub(crate) fn listen(&self, visibility: Visibility) -> Listener {
        Listener {
            receiver: self.sender.subscribe(),
            visibility,
        }
    }
}

/// One event stream with its own eyes.
pub(crate) struct Listener {
    receiver: broadcast::Receiver<Heard>,
    visibility: Visibility,
}

impl Listener {
    /// What it may hear of at this moment.
    pub(crate) fn visibility(&self) -> &Visibility {
        &self.visibility
    }

    /// Listens with other eyes from now on, also to what waits already.
    pub(crate) fn see(&mut self, visibility: Visibility) {
        self.visibility = visibility;
    }

    /// Waits for the next event this listener may hear of.
    pub(crate) async fn next(&mut self) -> Heard {
        loop {
            match self.receiver.recv().await {
                Ok(Heard::Event(event)) if !event.visible_to(&self.visibility) => {}
                Ok(heard) => return heard,
                Err(broadcast::error::RecvError::Lagged(_)) => return Heard::Reset,
                Err(broadcast::error::RecvError::Closed) => return Heard::End,
            }
        }
    }
}

#[cfg(test)]
mod tests;
