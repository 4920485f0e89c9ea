//! Passwords: which are accepted, and how they are kept.
//!
//! Argon2id (RFC 9106) with a fresh 16-byte salt, stored as a PHC string that names its parameters,
//! so that a hash made with older ones is recognised and replaced at the next sign-in. Hashing takes
//! tens of megabytes and milliseconds on purpose: it runs off the async threads, a few at a time, and
//! refuses when too many wait.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::Entropy;
use tokio::sync::{Semaphore, TryAcquireError};

use crate::config::Config;
use crate::error::Error;

/// Fewest characters.
const MIN: usize = 10;

/// Most bytes: a passphrase fits, an attack on our memory does not.
const MAX: usize = 1024;

/// How many may wait for each one that is being hashed.
const WAITING_PER_PERMIT: usize = 16;

const SALT: usize = 16;

/// Whether a new password may be used.
///
/// # Errors
/// [`Error::Field`] for `field`, which it was sent in.
pub(crate) fn check(field: &'static str, password: &str) -> Result<(), Error> {
    let wrong = |reason| Err(Error::field(field, reason));
    if password.chars().count() < MIN {
        return wrong("A password has at least 10 characters.");
    }
    if !is_possible(password) {
        return wrong("A password has at most 1024 bytes and no NUL character.");
    }
    Ok(())
}

/// Whether any account can have this password.
pub(crate) fn is_possible(password: &str) -> bool {
    password.len() <= MAX && !password.contains('\0')
}

/// What came of holding a password against a stored hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Match {
    /// It is not the one.
    No,
    /// It is, and the hash is as strong as new ones.
    Yes,
    /// It is, and the hash should be made anew.
    Outdated,
}

/// Makes and checks hashes, a bounded number at a time.
#[derive(Clone)]
pub(crate) struct Hasher {
    argon2: Argon2<'static>,
    entropy: Arc<dyn Entropy>,
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// Checked when there is no account, so that the answer takes as long as when there is one.
    decoy: Arc<str>,
}

impl Hasher {
    /// # Errors
    /// [`Error::Field`] when Argon2 refuses the parameters.
    pub(crate) fn new(config: &Config, entropy: Arc<dyn Entropy>) -> Result<Self, Error> {
        let params = Params::new(
            config.password_memory_kib,
            config.password_passes,
            1,
            Some(Params::DEFAULT_OUTPUT_LEN),
        )
        .map_err(|error| Error::field("password_memory_kib", error.to_string()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&argon2, &*entropy, "nobody has this password")?.into();
        Ok(Self {
            argon2,
            entropy,
            running: Arc::new(Semaphore::new(config.password_parallel)),
            waiting: Arc::new(Semaphore::new(
                config.password_parallel * (WAITING_PER_PERMIT + 1),
            )),
            decoy,
        })
    }

    /// The PHC string to store for a password.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Error> {
        let (argon2, entropy) = (self.argon2.clone(), Arc::clone(&self.entropy));
        self.run(move || hash(&argon2, &*entropy, &password)).await
    }

    /// Holds a password against a stored hash; without one, against a decoy that never matches.
    pub(crate) async fn verify(
        &self,
        password: String,
        stored: Option<String>,
    ) -> Result<Match, Error> {
        let argon2 = self.argon2.clone();
        let decoy = Arc::clone(&self.decoy);
        self.run(move || match stored {
            Some(stored) => verify(&argon2, &password, &stored),
            None => verify(&argon2, &password, &decoy).map(|_| Match::No),
        })
        .await
    }

    async fn run<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, Error> + Send + 'static,
    {
        let _place = self.waiting.try_acquire().map_err(|error| match error {
            TryAcquireError::NoPermits => Error::Busy,
            TryAcquireError::Closed => Error::Defect("the password queue is closed"),
        })?;
        let permit = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(|_| Error::Defect("the password queue is closed"))?;
        // The permit goes along: a caller who hangs up does not make room before the work is done.
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        })
        .await
        .map_err(|_| Error::Defect("hashing a password panicked"))?
    }
}

fn hash(argon2: &Argon2<'_>, entropy: &dyn Entropy, password: &str) -> Result<String, Error> {
    let mut salt = [0; SALT];
    entropy.fill(&mut salt);
    argon2
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash: PasswordHash| hash.to_string())
        .map_err(|_| Error::Defect("Argon2 refused to hash"))
}

fn verify(argon2: &Argon2<'_>, password: &str, stored: &str) -> Result<Match, Error> {
    let hash = PasswordHash::new(stored)
        .map_err(|_| Error::Defect("a stored password hash is damaged"))?;
    match argon2.verify_password(password.as_bytes(), &hash) {
        Ok(()) if is_current(argon2, &hash) => Ok(Match::Yes),
        Ok(()) => Ok(Match::Outdated),
        Err(password_hash::Error::PasswordInvalid) => Ok(Match::No),
        Err(_) => Err(Error::Defect("Argon2 refused to check a stored hash")),
    }
}

fn is_current(argon2: &Argon2<'_>, hash: &PasswordHash) -> bool {
    let now = argon2.params();
    hash.algorithm == Algorithm::Argon2id.ident()
        && Params::try_from(hash).is_ok_and(|params| {
            params.m_cost() == now.m_cost()
                && params.t_cost() == now.t_cost()
                && params.p_cost() == now.p_cost()
        })
}
