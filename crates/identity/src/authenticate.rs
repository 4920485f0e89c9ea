//! From a credential to a caller: what every request goes through.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use catalog::api_keys::{self, Presented};
use catalog::sessions::{self, Session, SessionKind};
use catalog::users::UserState;
use catalog::visibility;
use domain::{Permissions, SessionId, Timestamp, Visibility};
use subtle::ConstantTimeEq;

use crate::access_token::Claims;
use crate::account::{self, Account};
use crate::caller::{Caller, Credential, Trace, Via};
use crate::error::Error;
use crate::identity::Identity;
use crate::secret::{self, SessionSecret};

/// Uses are noted at most this often, in milliseconds.
const TOUCH_EVERY: i64 = 60_000;

/// A session with its account, as it was when read.
pub(crate) struct LiveSession {
    session: Session,
    account: Account,
    visibility: Visibility,
    touched_at: AtomicI64,
}

impl Identity {
    /// Forgets what anybody may see or do: grants, roles or accounts have changed.
    pub fn access_changed(&self) {
        self.sessions_cache().forget_all();
        self.keys_cache().forget_all();
    }

    /// Checks a credential.
    ///
    /// # Errors
    /// [`Error::SignIn`] when it is not (or no longer) good; those of the database.
    pub async fn authenticate(&self, credential: Credential<'_>) -> Result<Caller, Error> {
        match credential {
            Credential::Cookie(text) => self.by_cookie(text).await,
            Credential::Bearer(text) if secret::is_key(text) => self.by_key(text).await,
            Credential::Bearer(text) => self.by_access_token(text).await.map(|(caller, _)| caller),
        }
    }

    async fn by_cookie(&self, text: &str) -> Result<Caller, Error> {
        let now = self.now();
        let secret = SessionSecret::read(text, self.tag_key()).ok_or(Error::SignIn)?;
        let live = self.live_session(secret.session, now).await?;
        let genuine = bool::from(secret.hash().as_slice().ct_eq(&live.session.secret));
        if !genuine || live.session.kind != SessionKind::Cookie {
            return Err(Error::SignIn);
        }
        let end = self.end_of(live.session.created_at, now);
        self.touch_session(&live, now, end).await;
        let via = Via::Session(live.session.id);
        Ok(live.caller(live.account.permissions, via))
    }

    /// The caller of an access token, and what the token claims.
    pub(crate) async fn by_access_token(&self, text: &str) -> Result<(Caller, Claims), Error> {
        let now = self.now();
        let claims = self.access_tokens().read(text, now).ok_or(Error::SignIn)?;
        let live = self.live_session(claims.sid, now).await?;
        if live.session.kind != SessionKind::Token || live.session.user != claims.sub {
            return Err(Error::SignIn);
        }
        // Only a refresh prolongs such a session.
        let end = live.session.expires_at;
        self.touch_session(&live, now, end).await;
        let permissions = live.account.permissions.intersect(claims.scopes);
        let caller = live.caller(permissions, Via::Token(claims.sid));
        Ok((caller, claims))
    }

    async fn by_key(&self, text: &str) -> Result<Caller, Error> {
        let now = self.now();
        let presented = self.presented_key(text, now).await?;
        let key = &presented.key;
        let stale = key
            .used_at
            .is_none_or(|used| now.millis() - used.millis() >= TOUCH_EVERY);
        if stale {
            self.touch_key(&presented, now).await;
        }
        Ok(Caller {
            tenant: key.tenant,
            user: key.user,
            permissions: presented.permissions.intersect(key.scopes),
            visibility: presented.visibility.clone(),
            via: Via::Key(key.id),
            trace: Trace::default(),
        })
    }

    /// The good key that `text` is.
    pub(crate) async fn presented_key(
        &self,
        text: &str,
        now: Timestamp,
    ) -> Result<Arc<Presented>, Error> {
        let hash = secret::key_hash(text).ok_or(Error::SignIn)?;
        let presented = match self.keys_cache().get(&hash, now) {
            Some(presented) => presented,
            None => self.read_key(hash, now).await?,
        };
        let ended = presented.key.expires_at.is_some_and(|end| now >= end);
        if ended || presented.user_state != UserState::Active {
            return Err(Error::SignIn);
        }
        Ok(presented)
    }

    async fn read_key(&self, hash: [u8; 32], now: Timestamp) -> Result<Arc<Presented>, Error> {
        let epoch = self.keys_cache().epoch();
        let presented = self
            .catalog()
            .read(move |tx| Box::pin(async move { api_keys::by_hash(tx, &hash).await }))
            .await?
            .map(Arc::new)
            .ok_or(Error::SignIn)?;
        self.keys_cache()
            .put(hash, Arc::clone(&presented), now, epoch);
        Ok(presented)
    }

    /// The session, if it may be used at `now`.
    async fn live_session(&self, id: SessionId, now: Timestamp) -> Result<Arc<LiveSession>, Error> {
        let live = match self.sessions_cache().get(&id, now) {
            Some(live) => live,
            None => self.read_session(id, now).await?,
        };
        if live.session.is_live(now) && live.account.is_active {
            Ok(live)
        } else {
            Err(Error::SignIn)
        }
    }

    async fn read_session(&self, id: SessionId, now: Timestamp) -> Result<Arc<LiveSession>, Error> {
        let epoch = self.sessions_cache().epoch();
        let found = self
            .catalog()
            .read(move |tx| {
                Box::pin(async move {
                    let Some(session) = sessions::by_id(tx, id).await? else {
                        return Ok(None);
                    };
                    let (tenant, user) = (session.tenant, session.user);
                    let Some(account) = account::load(tx, tenant, user).await? else {
                        return Ok(None);
                    };
                    let visibility = visibility::of_user(tx, tenant, user).await?;
                    Ok(Some((session, account, visibility)))
                })
            })
            .await?;
        let (session, account, visibility) = found.ok_or(Error::SignIn)?;
        let live = Arc::new(LiveSession {
            touched_at: AtomicI64::new(session.used_at.millis()),
            session,
            account,
            visibility,
        });
        self.sessions_cache().put(id, Arc::clone(&live), now, epoch);
        Ok(live)
    }

    /// Notes the use of a session. That it could not be noted does not make the caller another.
    async fn touch_session(&self, live: &LiveSession, now: Timestamp, end: Timestamp) {
        let before = live.touched_at.load(Ordering::Relaxed);
        if now.millis() - before < TOUCH_EVERY {
            return;
        }
        // Of the requests that arrive together one does it.
        let mine = live.touched_at.compare_exchange(
            before,
            now.millis(),
            Ordering::Relaxed,
            Ordering::Relaxed,
        );
        if mine.is_err() {
            return;
        }
        let (tenant, id) = (live.session.tenant, live.session.id);
        let noted = self
            .catalog()
            .write(move |tx| Box::pin(sessions::touch(tx, tenant, id, now, end)))
            .await;
        match noted {
            Ok(()) => self.sessions_cache().forget(&id),
            Err(error) => tracing::warn!(%error, "the use of a session could not be noted"),
        }
    }

    async fn touch_key(&self, presented: &Presented, now: Timestamp) {
        let (tenant, id) = (presented.key.tenant, presented.key.id);
        let noted = self
            .catalog()
            .write(move |tx| Box::pin(api_keys::touch(tx, tenant, id, now)))
            .await;
        match noted {
            Ok(()) => self.keys_cache().forget_all(),
            Err(error) => tracing::warn!(%error, "the use of a key could not be noted"),
        }
    }
}

impl LiveSession {
    fn caller(&self, permissions: Permissions, via: Via) -> Caller {
        Caller {
            tenant: self.session.tenant,
            user: self.session.user,
            permissions,
            visibility: self.visibility.clone(),
            via,
            trace: Trace::default(),
        }
    }
}
