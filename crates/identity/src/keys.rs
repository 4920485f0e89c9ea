//! API keys: named, scoped, expiring, shown once.

use catalog::api_keys::{self, ApiKey};
use domain::{ApiKeyId, Permissions, Timestamp};
use serde_json::json;

use crate::caller::{Caller, Peer};
use crate::config::DAY;
use crate::error::Error;
use crate::identity::Identity;
use crate::record::Deed;
use crate::{name, secret};

/// Most keys of one account.
const MAX_KEYS: usize = 100;

/// Longest life of a key, in days.
const MAX_DAYS: u32 = 3_650;

/// A key as its owner sees it later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    /// Its id.
    pub id: ApiKeyId,
    /// What the owner calls it.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// What it allows at most.
    pub scopes: Permissions,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; `None`: when it is revoked.
    pub expires_at: Option<Timestamp>,
    /// Last use, to the minute or so.
    pub used_at: Option<Timestamp>,
}

impl From<ApiKey> for KeyInfo {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes,
            created_at: key.created_at,
            expires_at: key.expires_at,
            used_at: key.used_at,
        }
    }
}

/// What a new key should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// What the owner calls it.
    pub name: String,
    /// What it allows at most; `None`: all that the caller may.
    pub scopes: Option<Permissions>,
    /// Days until it ends; `None`: never.
    pub expires_in_days: Option<u32>,
}

impl Identity {
    /// The caller's keys that were not revoked, newest first; at most 200.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn keys(&self, caller: &Caller) -> Result<Vec<KeyInfo>, Error> {
        let (tenant, user) = (caller.tenant, caller.user);
        let keys = self
            .catalog()
            .read(move |tx| Box::pin(api_keys::list(tx, tenant, user)))
            .await?;
        Ok(keys.into_iter().map(KeyInfo::from).collect())
    }

    /// Makes a key. The second part of the answer is the key itself, known to nobody afterwards.
    ///
    /// # Errors
    /// [`Error::InPerson`] for an API key, [`Error::Field`]; those of the database.
    pub async fn make_key(
        &self,
        caller: &Caller,
        wish: NewKey,
        peer: &Peer,
    ) -> Result<(KeyInfo, String), Error> {
        caller.in_person()?;
        let now = self.now();
        let text = secret::fresh_key(self.entropy());
        let hash = secret::key_hash(&text).ok_or(Error::Defect("a fresh key cannot be read"))?;
        let key = ApiKey {
            tenant: caller.tenant,
            id: self.ids().fresh(),
            user: caller.user,
            name: name::tidy(Some(&wish.name))?
                .ok_or_else(|| Error::field("name", "A key needs a name."))?,
            prefix: secret::key_prefix(&text).to_owned(),
            scopes: scopes(caller, wish.scopes)?,
            created_at: now,
            expires_at: end(wish.expires_in_days, now)?,
            used_at: None,
        };
        let record = self
            .record(Deed::KeyMade, caller.tenant, now)
            .by(caller.user)
            .to(key.id.uuid())
            .from(peer)
            .with(json!({ "name": key.name, "scopes": key.scopes }));
        let info = KeyInfo::from(key.clone());
        self.catalog()
            .write_as(move |tx| {
                Box::pin(async move {
                    let others = api_keys::list(tx, key.tenant, key.user).await?.len();
                    if others >= MAX_KEYS {
                        return Err(Error::field("name", "An account has at most 100 keys."));
                    }
                    api_keys::insert(tx, &key, &hash).await?;
                    record.write(tx).await?;
                    Ok(())
                })
            })
            .await?;
        Ok((info, text))
    }

    /// Ends one of the caller's keys. `None` when the caller has no such key.
    ///
    /// # Errors
    /// [`Error::InPerson`] for an API key; those of the database.
    pub async fn revoke_key(
        &self,
        caller: &Caller,
        id: ApiKeyId,
        peer: &Peer,
    ) -> Result<Option<()>, Error> {
        caller.in_person()?;
        let now = self.now();
        let (tenant, user) = (caller.tenant, caller.user);
        let record = self
            .record(Deed::KeyRevoked, tenant, now)
            .by(user)
            .to(id.uuid())
            .from(peer);
        let revoked = self
            .catalog()
            .write(move |tx| {
                Box::pin(async move {
                    let revoked = api_keys::revoke(tx, tenant, user, id, now).await?;
                    if revoked {
                        record.write(tx).await?;
                    }
                    Ok(revoked)
                })
            })
            .await?;
        // Entries are filed by secret, which nobody here knows.
        self.keys_cache().forget_all();
        Ok(revoked.then_some(()))
    }
}

/// A key allows no more than whoever makes it may do.
fn scopes(caller: &Caller, wish: Option<Permissions>) -> Result<Permissions, Error> {
    let Some(wish) = wish else {
        return Ok(caller.permissions);
    };
    if wish == Permissions::NONE {
        return Err(Error::field("scopes", "A key needs at least one scope."));
    }
    match wish.iter().find(|scope| !caller.permissions.has(*scope)) {
        Some(scope) => Err(Error::field(
            "scopes",
            format!("You do not have {scope} yourself."),
        )),
        None => Ok(wish),
    }
}

fn end(days: Option<u32>, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    match days {
        None => Ok(None),
        Some(days @ 1..=MAX_DAYS) => Ok(Some(now.plus_millis(i64::from(days) * DAY))),
        Some(_) => Err(Error::field(
            "expires_in_days",
            "A key lives between 1 and 3650 days.",
        )),
    }
}
