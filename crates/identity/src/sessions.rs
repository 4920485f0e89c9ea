//! The sessions of an account: listed, and ended one by one.

use catalog::sessions;
use domain::{SessionId, Timestamp};

use crate::caller::{Caller, Peer};
use crate::error::Error;
use crate::grant::Carrier;
use crate::identity::Identity;
use crate::record::Deed;

/// A signed-in browser or client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInfo {
    /// Its id.
    pub id: SessionId,
    /// What proves it.
    pub carrier: Carrier,
    /// What the client called itself at sign-in.
    pub agent: Option<String>,
    /// The client's address at sign-in.
    pub address: Option<String>,
    /// Sign-in.
    pub created_at: Timestamp,
    /// Last use, to the minute or so.
    pub used_at: Timestamp,
    /// End, unless used before.
    pub expires_at: Timestamp,
    /// Whether the caller came by it.
    pub is_current: bool,
}

impl Identity {
    /// The caller's live sessions, newest first; at most 200.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn sessions(&self, caller: &Caller) -> Result<Vec<SessionInfo>, Error> {
        let (tenant, user, now) = (caller.tenant, caller.user, self.now());
        let current = caller.session();
        let found = self
            .catalog()
            .read(move |tx| Box::pin(sessions::list(tx, tenant, user, now)))
            .await?;
        Ok(found
            .into_iter()
            .map(|session| SessionInfo {
                id: session.id,
                carrier: match session.kind {
                    sessions::SessionKind::Cookie => Carrier::Cookie,
                    sessions::SessionKind::Token => Carrier::Token,
                },
                agent: session.user_agent,
                address: session.address,
                created_at: session.created_at,
                used_at: session.used_at,
                expires_at: session.expires_at,
                is_current: current == Some(session.id),
            })
            .collect())
    }

    /// Ends one of the caller's sessions. `None` when the caller has no such live session.
    ///
    /// # Errors
    /// [`Error::InPerson`] for an API key; those of the database.
    pub async fn end_session(
        &self,
        caller: &Caller,
        id: SessionId,
        peer: &Peer,
    ) -> Result<Option<()>, Error> {
        caller.in_person()?;
        self.end(caller, id, Deed::SessionEnded, peer).await
    }

    /// Ends the session the caller came by, if by one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn logout(&self, caller: &Caller, peer: &Peer) -> Result<(), Error> {
        if let Some(id) = caller.session() {
            self.end(caller, id, Deed::SignedOut, peer).await?;
        }
        Ok(())
    }

    async fn end(
        &self,
        caller: &Caller,
        id: SessionId,
        deed: Deed,
        peer: &Peer,
    ) -> Result<Option<()>, Error> {
        let now = self.now();
        let (tenant, user) = (caller.tenant, caller.user);
        let record = self
            .record(deed, tenant, now)
            .by(user)
            .to(id.uuid())
            .from(peer);
        let ended = self
            .catalog()
            .write(move |tx| {
                Box::pin(async move {
                    let session = sessions::by_id(tx, id).await?;
                    let own = session.is_some_and(|s| s.tenant == tenant && s.user == user);
                    let ended = own && sessions::revoke(tx, tenant, id, now).await?;
                    if ended {
                        record.write(tx).await?;
                    }
                    Ok(ended)
                })
            })
            .await?;
        self.sessions_cache().forget(&id);
        Ok(ended.then_some(()))
    }
}
