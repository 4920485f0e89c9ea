//! Beginning a session and handing out what proves it.

use catalog::Tx;
use catalog::sessions::{self, Session, SessionKind};
use domain::{SessionId, Timestamp};

use crate::access_token::Subject;
use crate::account::Account;
use crate::caller::Peer;
use crate::error::Error;
use crate::identity::Identity;
use crate::secret::SessionSecret;

/// What a client wants to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// A cookie that scripts cannot read: for browsers.
    Cookie,
    /// An access and a refresh token: for everything else.
    Token,
}

/// Somebody who has just proved to be the owner of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// The account.
    pub account: Account,
    /// What proves it from now on.
    pub grant: Grant,
}

/// What a client keeps to prove its session.
#[derive(Clone, PartialEq, Eq)]
pub enum Grant {
    /// A cookie's value.
    Cookie {
        /// The secret.
        secret: String,
        /// Seconds after which it is of no use any more.
        max_age: i64,
    },
    /// A pair of tokens.
    Token {
        /// Sent with every request.
        access: String,
        /// Life of `access` in seconds.
        expires_in: i64,
        /// Sent once, to get the next pair.
        refresh: String,
    },
}

impl std::fmt::Debug for Grant {
    /// Secrets do not belong in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cookie { .. } => f.write_str("Cookie"),
            Self::Token { .. } => f.write_str("Token"),
        }
    }
}

/// A session that is not stored yet, with the secret that will open it.
pub(crate) struct Fresh {
    pub(crate) id: SessionId,
    secret: SessionSecret,
    kind: SessionKind,
    address: String,
    agent: Option<String>,
    now: Timestamp,
    expires_at: Timestamp,
}

impl Fresh {
    /// Stores the session for `account`.
    pub(crate) async fn store(&self, tx: &mut Tx, account: &Account) -> Result<(), catalog::Error> {
        let session = Session {
            tenant: account.tenant,
            id: self.id,
            user: account.id,
            kind: self.kind,
            secret: self.secret.hash().to_vec(),
            user_agent: self.agent.clone(),
            address: Some(self.address.clone()),
            created_at: self.now,
            used_at: self.now,
            expires_at: self.expires_at,
            revoked_at: None,
        };
        sessions::insert(tx, &session).await
    }
}

impl Identity {
    /// Prepares a session for somebody at `peer`.
    pub(crate) fn fresh_session(&self, carrier: Carrier, peer: &Peer, now: Timestamp) -> Fresh {
        let id = self.ids().fresh();
        Fresh {
            id,
            secret: SessionSecret::fresh(id, self.entropy()),
            kind: match carrier {
                Carrier::Cookie => SessionKind::Cookie,
                Carrier::Token => SessionKind::Token,
            },
            address: peer.address.to_string(),
            agent: peer.agent.clone(),
            now,
            expires_at: self.end_of(now, now),
        }
    }

    /// When a session that began at `created` and was used at `now` ends, if unused from then on.
    pub(crate) fn end_of(&self, created: Timestamp, now: Timestamp) -> Timestamp {
        let idle = now.plus_millis(self.config().idle_millis());
        idle.min(created.plus_millis(self.config().session_millis()))
    }

    /// What to hand out for a session that was stored.
    pub(crate) fn sign_in(&self, account: Account, fresh: &Fresh) -> Result<SignIn, Error> {
        let secret = fresh.secret.write(self.tag_key());
        let grant = match fresh.kind {
            SessionKind::Cookie => Grant::Cookie {
                secret,
                max_age: self.config().session_millis() / 1000,
            },
            SessionKind::Token => self.pair(&account, fresh.id, secret, fresh.now)?,
        };
        Ok(SignIn { account, grant })
    }

    /// A new access token beside a refresh token.
    pub(crate) fn pair(
        &self,
        account: &Account,
        session: SessionId,
        refresh: String,
        now: Timestamp,
    ) -> Result<Grant, Error> {
        let subject = Subject {
            user: account.id,
            tenant: account.tenant,
            session,
            // Who signs in may do with a token all that the account may.
            scopes: account.permissions,
            role: account.role(),
        };
        let tokens = self.access_tokens();
        Ok(Grant::Token {
            access: tokens.sign(subject, now)?,
            expires_in: tokens.seconds(),
            refresh,
        })
    }
}
