//! Exchanging a refresh token for the next pair.
//!
//! Every refresh token works once. When one comes back that was used before, two parties hold a
//! copy, and we cannot tell which of them stole it: the session ends for both (RFC 9700 section
//! 4.14.2).

use catalog::Tx;
use catalog::sessions::{self, Rotation, Session, SessionKind};
use domain::Timestamp;

use crate::account::{self, Account};
use crate::caller::Peer;
use crate::error::Error;
use crate::grant::SignIn;
use crate::identity::Identity;
use crate::record::{Deed, Record};
use crate::secret::SessionSecret;

/// What a refresh came to.
enum Outcome {
    Rotated(Account),
    Reused(Session),
    Gone,
}

impl Identity {
    /// A new pair for a refresh token.
    ///
    /// # Errors
    /// [`Error::SignIn`] for a token that is not (or no longer) good, [`Error::TokenReused`] for
    /// one that was used before; those of the database.
    pub async fn refresh(&self, token: &str, peer: &Peer) -> Result<SignIn, Error> {
        let now = self.now();
        let old = SessionSecret::read(token, self.tag_key()).ok_or(Error::SignIn)?;
        let new = SessionSecret::fresh(old.session, self.entropy());
        match self.rotate(&old, &new, now).await? {
            Outcome::Rotated(account) => {
                self.sessions_cache().forget(&old.session);
                let refresh = new.write(self.tag_key());
                let grant = self.pair(&account, old.session, refresh, now)?;
                Ok(SignIn { account, grant })
            }
            Outcome::Reused(session) => {
                self.end_reused(&session, peer, now).await?;
                Err(Error::TokenReused)
            }
            Outcome::Gone => Err(Error::SignIn),
        }
    }

    async fn rotate(
        &self,
        old: &SessionSecret,
        new: &SessionSecret,
        now: Timestamp,
    ) -> Result<Outcome, Error> {
        let (id, from, to) = (old.session, old.hash(), new.hash());
        let this = self.clone();
        self.catalog()
            .write_as(move |tx| {
                Box::pin(async move {
                    let Some(session) = sessions::by_id(tx, id).await? else {
                        return Ok(Outcome::Gone);
                    };
                    if !session.is_live(now) || session.kind != SessionKind::Token {
                        return Ok(Outcome::Gone);
                    }
                    let end = this.end_of(session.created_at, now);
                    match sessions::rotate(tx, id, &from, &to, now, end).await? {
                        Rotation::Rotated(session) => rotated(tx, &session).await,
                        // The tag says the token was ours and the session is live, so it was
                        // spent, whether one rotation ago or many.
                        Rotation::Reused(_) | Rotation::Gone => Ok(Outcome::Reused(session)),
                    }
                })
            })
            .await
    }

    async fn end_reused(
        &self,
        session: &Session,
        peer: &Peer,
        now: Timestamp,
    ) -> Result<(), Error> {
        let record: Record = self
            .record(Deed::TokenReused, session.tenant, now)
            .by(session.user)
            .to(session.id.uuid())
            .from(peer);
        let (tenant, id) = (session.tenant, session.id);
        self.catalog()
            .write(move |tx| {
                Box::pin(async move {
                    sessions::revoke(tx, tenant, id, now).await?;
                    record.write(tx).await
                })
            })
            .await?;
        self.sessions_cache().forget(&id);
        tracing::warn!(session = %id, address = %peer.address, "a spent refresh token came back");
        Ok(())
    }
}

async fn rotated(tx: &mut Tx, session: &Session) -> Result<Outcome, Error> {
    let account = account::load(tx, session.tenant, session.user)
        .await?
        .filter(|account| account.is_active)
        .ok_or(Error::SignIn)?;
    Ok(Outcome::Rotated(account))
}
