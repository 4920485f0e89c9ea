//! The one struct that holds what accounts need. Every verb is a method on it, in a file of its own.

use std::net::IpAddr;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError, RwLock};

use catalog::Db;
use catalog::api_keys::Presented;
use domain::{Clock, Entropy, Ids, SessionId, ShareId, Timestamp};
use hkdf::Hkdf;

use crate::access_token::AccessTokens;
use crate::authenticate::LiveSession;
use crate::cache::Cache;
use crate::config::{Config, Policy};
use crate::error::Error;
use crate::password::Hasher;
use crate::secret::TagKey;
use crate::throttle::Throttle;
use crate::visitors::Door;

/// Wrong passwords of one link within the window, from all addresses together, before everybody has to
/// wait. Above what a family mistypes, below what guessing from many addresses takes.
const LINK_FAILURES: usize = 200;

/// Accounts, sessions and keys of a vault. Cloning shares it.
#[derive(Clone)]
pub struct Identity {
    inner: Arc<Inner>,
}

struct Inner {
    catalog: Db,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    config: Config,
    hasher: Hasher,
    access: AccessTokens,
    tag: TagKey,
    sessions: Cache<SessionId, Arc<LiveSession>>,
    keys: Cache<[u8; 32], Arc<Presented>>,
    accounts_throttle: Throttle<String>,
    address_throttle: Throttle<IpAddr>,
    doors_throttle: Throttle<Door>,
    visitors_throttle: Throttle<IpAddr>,
    links_throttle: Throttle<ShareId>,
    has_accounts: AtomicBool,
    policy: RwLock<Policy>,
}

impl Identity {
    /// Joins the parts. `signing_key` must be the same on every node and after every restart, or
    /// everybody has to sign in again.
    ///
    /// # Errors
    /// [`Error::Field`] naming a setting that is out of range.
    pub fn new(
        catalog: Db,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        config: Config,
        signing_key: [u8; 32],
    ) -> Result<Self, Error> {
        config.validate()?;
        let hasher = Hasher::new(&config, Arc::clone(&entropy))?;
        let access_key = derive(&signing_key, b"mediavault access token")?;
        let tag_key = derive(&signing_key, b"mediavault session secret")?;
        let window = i64::from(config.failure_window_seconds) * 1000;
        Ok(Self {
            inner: Arc::new(Inner {
                access: AccessTokens::new(&access_key, &config.issuer, config.access_seconds),
                tag: TagKey::new(&tag_key)?,
                sessions: Cache::new(),
                keys: Cache::new(),
                accounts_throttle: Throttle::new(config.account_failures, window),
                address_throttle: Throttle::new(config.address_failures, window),
                doors_throttle: Throttle::new(config.account_failures, window),
                visitors_throttle: Throttle::new(config.address_failures, window),
                links_throttle: Throttle::new(LINK_FAILURES, window),
                has_accounts: AtomicBool::new(false),
                policy: RwLock::new(config.policy()),
                catalog,
                clock,
                entropy,
                config,
                hasher,
            }),
        })
    }

    pub(crate) fn catalog(&self) -> &Db {
        &self.inner.catalog
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(crate) fn ids(&self) -> Ids<'_> {
        Ids::new(&*self.inner.clock, &*self.inner.entropy)
    }

    pub(crate) fn entropy(&self) -> &dyn Entropy {
        &*self.inner.entropy
    }

    pub(crate) fn config(&self) -> &Config {
        &self.inner.config
    }

    /// How accounts are made as of now.
    pub fn policy(&self) -> Policy {
        *self
            .inner
            .policy
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// How accounts are made as the configuration has it.
    pub fn configured_policy(&self) -> Policy {
        self.config().policy()
    }

    /// Changes how accounts are made from now on, on this node.
    pub fn set_policy(&self, policy: Policy) {
        *self
            .inner
            .policy
            .write()
            .unwrap_or_else(PoisonError::into_inner) = policy;
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.inner.hasher
    }

    pub(crate) fn access_tokens(&self) -> &AccessTokens {
        &self.inner.access
    }

    pub(crate) fn tag_key(&self) -> &TagKey {
        &self.inner.tag
    }

    pub(crate) fn sessions_cache(&self) -> &Cache<SessionId, Arc<LiveSession>> {
        &self.inner.sessions
    }

    pub(crate) fn keys_cache(&self) -> &Cache<[u8; 32], Arc<Presented>> {
        &self.inner.keys
    }

    pub(crate) fn accounts_throttle(&self) -> &Throttle<String> {
        &self.inner.accounts_throttle
    }

    pub(crate) fn address_throttle(&self) -> &Throttle<IpAddr> {
        &self.inner.address_throttle
    }

    pub(crate) fn doors_throttle(&self) -> &Throttle<Door> {
        &self.inner.doors_throttle
    }

    pub(crate) fn visitors_throttle(&self) -> &Throttle<IpAddr> {
        &self.inner.visitors_throttle
    }

    pub(crate) fn links_throttle(&self) -> &Throttle<ShareId> {
        &self.inner.links_throttle
    }

    /// Set once an account was seen: there will always be one from then on.
    pub(crate) fn has_accounts(&self) -> &AtomicBool {
        &self.inner.has_accounts
    }
}

/// A key for one purpose, from the one key we were given (RFC 5869).
fn derive(key: &[u8; 32], purpose: &[u8]) -> Result<[u8; 32], Error> {
    let mut derived = [0; 32];
    Hkdf::<sha2::Sha256>::new(None, key)
        .expand(purpose, &mut derived)
        .map_err(|_| Error::Defect("a key could not be derived"))?;
    Ok(derived)
}
