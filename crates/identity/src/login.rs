//! Signing in with e-mail and password.

use catalog::users::{self, User, UserState};
use domain::{Sha256, TenantId, Timestamp};
use metrics::counter;
use serde_json::json;

use crate::account;
use crate::caller::Peer;
use crate::email::Email;
use crate::error::Error;
use crate::grant::{Carrier, SignIn};
use crate::identity::Identity;
use crate::password::{self, Match};
use crate::record::Deed;
use crate::throttle::neighbourhood;

impl Identity {
    /// Signs somebody in. Whether the account exists shows neither in the answer nor in its time.
    ///
    /// # Errors
    /// [`Error::BadCredentials`], [`Error::Wait`], [`Error::Busy`]; those of the database.
    pub async fn login(
        &self,
        email: &str,
        password: String,
        carrier: Carrier,
        peer: &Peer,
    ) -> Result<SignIn, Error> {
        let email = Email::parse(email).map_err(|_| Error::BadCredentials)?;
        if !password::is_possible(&password) {
            return Err(Error::BadCredentials);
        }
        let now = self.now();
        let (key, place) = (email.key(), neighbourhood(peer.address));
        self.address_throttle().attempt(&place, now)?;
        if let Err(wait) = self.accounts_throttle().attempt(&key, now) {
            self.address_throttle().forgive(&place, now);
            counter!("mediavault_sign_ins_total", "outcome" => "slowed_down").increment(1);
            return Err(wait);
        }
        let user = self.find(&email).await?;
        let stored = user.as_ref().and_then(|user| user.password.clone());
        let verdict = self.hasher().verify(password.clone(), stored).await?;
        let user = match (user, verdict) {
            (Some(user), Match::Yes | Match::Outdated) if user.state == UserState::Active => user,
            (user, _) => return Err(self.refuse(user, &email, peer, now).await?),
        };
        // Others at the same address may still be guessing: only this attempt is taken back there.
        self.accounts_throttle().clear(&key);
        self.address_throttle().forgive(&place, now);
        let better = match verdict {
            Match::Outdated => Some(self.hasher().hash(password).await?),
            Match::Yes | Match::No => None,
        };
        self.begin(user, better, carrier, peer, now).await
    }

    async fn find(&self, email: &Email) -> Result<Option<User>, Error> {
        let email = email.as_str().to_owned();
        let user = self
            .catalog()
            .read(move |tx| {
                Box::pin(async move { users::by_email(tx, TenantId::DEFAULT, &email).await })
            })
            .await?;
        Ok(user)
    }

    async fn begin(
        &self,
        user: User,
        better_hash: Option<String>,
        carrier: Carrier,
        peer: &Peer,
        now: Timestamp,
    ) -> Result<SignIn, Error> {
        let fresh = self.fresh_session(carrier, peer, now);
        let record = self
            .record(Deed::SignedIn, user.tenant, now)
            .by(user.id)
            .to(fresh.id.uuid())
            .from(peer);
        let (account, fresh) = self
            .catalog()
            .write(move |tx| {
                Box::pin(async move {
                    if let Some(hash) = better_hash {
                        users::set_password(tx, user.tenant, user.id, &hash, now).await?;
                    }
                    let account = account::with_roles(tx, user).await?;
                    fresh.store(tx, &account).await?;
                    record.write(tx).await?;
                    Ok((account, fresh))
                })
            })
            .await?;
        counter!("mediavault_sign_ins_total", "outcome" => "done").increment(1);
        self.sign_in(account, &fresh)
    }

    /// Remembers a failed attempt. Addresses that belong to no account are kept as a hash: people
    /// type their password into the wrong field.
    async fn refuse(
        &self,
        user: Option<User>,
        email: &Email,
        peer: &Peer,
        now: Timestamp,
    ) -> Result<Error, Error> {
        let record = self
            .record(Deed::SignInFailed, TenantId::DEFAULT, now)
            .from(peer);
        let record = match user {
            Some(user) => record.to(user.id.uuid()),
            None => {
                let hash = Sha256::of(email.key().as_bytes()).to_string();
                record.with(json!({ "unknown_email_sha256": hash }))
            }
        };
        self.catalog()
            .write(move |tx| Box::pin(async move { record.write(tx).await }))
            .await?;
        counter!("mediavault_sign_ins_total", "outcome" => "refused").increment(1);
        tracing::warn!(address = %peer.address, "a sign-in was refused");
        Ok(Error::BadCredentials)
    }
}
