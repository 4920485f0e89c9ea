//! The first account: who may make it, and how that is decided when two try at once.
//!
//! A vault without accounts belongs to whoever comes first. So the first must either sit at the
//! machine (a loopback connection that no proxy forwarded) or know the code the program printed.

use std::sync::atomic::Ordering;

use catalog::{Tx, roles, settings, tenants, users};
use domain::{Role, Sha256, TenantId, Timestamp, UserId};
use serde_json::json;
use subtle::ConstantTimeEq;

use crate::caller::Peer;
use crate::config::Registration;
use crate::error::Error;
use crate::identity::Identity;
use crate::readable;
use crate::record::Deed;

/// Setting that holds the hash of the code.
const CODE: &str = "setup_code";

/// Setting that exists once the first account does: of several who try to make it, one succeeds.
const CLAIM: &str = "first_account";

/// Groups of the code: twelve characters, sixty bits, and attempts are throttled.
const GROUPS: usize = 3;

/// Fewest letters and digits of a code that the operator chose.
const SHORTEST: usize = 8;

/// Roles of the first account.
const FIRST: [Role; 3] = [Role::User, Role::Admin, Role::Operator];

/// What somebody who is not signed in may know about making an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// There is no account yet.
    pub setup_needed: bool,
    /// The first account takes the set-up code, because this connection is not from the machine.
    pub setup_code_needed: bool,
    /// Who may register.
    pub registration: Registration,
}

impl Identity {
    /// How an account can be made from where `peer` sits.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn state(&self, peer: &Peer) -> Result<State, Error> {
        let setup_needed = !self.any_account().await?;
        Ok(State {
            setup_needed,
            setup_code_needed: setup_needed && !peer.on_loopback,
            registration: if setup_needed {
                Registration::Open
            } else {
                self.policy().registration
            },
        })
    }

    /// The set-up code to print at start, replacing the one before: the `chosen` one, or else a
    /// fresh one. `None` once there is an account.
    ///
    /// # Errors
    /// [`Error::Field`] for a chosen code that could be guessed; those of the database.
    pub async fn setup_code(&self, chosen: Option<&str>) -> Result<Option<String>, Error> {
        let now = self.now();
        let code = match chosen {
            Some(code) if readable::canonical(code).len() < SHORTEST => {
                return Err(Error::field(
                    "setup_code",
                    "must have at least eight letters or digits",
                ));
            }
            Some(code) => code.to_owned(),
            None => readable::code(GROUPS, self.entropy()),
        };
        let hash = json!(code_hash(&code).to_string());
        let record = self.record(Deed::SetupCodeMade, TenantId::DEFAULT, now);
        let made = self
            .catalog()
            .write(move |tx| {
                Box::pin(async move {
                    if users::count(tx, TenantId::DEFAULT).await? > 0 {
                        return Ok(false);
                    }
                    tenants::ensure_default(tx, now).await?;
                    settings::put(tx, CODE, &hash, now).await?;
                    record.write(tx).await?;
                    Ok(true)
                })
            })
            .await?;
        Ok(made.then_some(code))
    }

    pub(crate) async fn any_account(&self) -> Result<bool, Error> {
        if self.has_accounts().load(Ordering::Relaxed) {
            return Ok(true);
        }
        let count = self
            .catalog()
            .read(|tx| Box::pin(users::count(tx, TenantId::DEFAULT)))
            .await?;
        if count > 0 {
            self.has_accounts().store(true, Ordering::Relaxed);
        }
        Ok(count > 0)
    }
}

/// How somebody proves to be the owner of a vault without accounts.
pub(crate) enum Proof {
    /// Sits at the machine.
    Loopback,
    /// Typed this code.
    Code(String),
}

/// Makes `user`, just inserted, the first account. Fails, and with it the transaction, when the
/// proof does not hold or somebody else was faster.
pub(crate) async fn claim(
    tx: &mut Tx,
    user: UserId,
    proof: &Proof,
    now: Timestamp,
) -> Result<(), Error> {
    let stored = settings::take(tx, CODE).await?;
    if let Proof::Code(typed) = proof {
        let expected = stored
            .as_ref()
            .and_then(serde_json::Value::as_str)
            .ok_or(Error::SetupCode)?;
        let given = code_hash(typed).to_string();
        if !bool::from(given.as_bytes().ct_eq(expected.as_bytes())) {
            return Err(Error::SetupCode);
        }
    }
    if !settings::put_if_absent(tx, CLAIM, &json!({ "user": user }), now).await? {
        return Err(Error::RegistrationClosed);
    }
    for role in FIRST {
        roles::assign(tx, TenantId::DEFAULT, user, role.as_str()).await?;
    }
    Ok(())
}

fn code_hash(code: &str) -> Sha256 {
    Sha256::of(readable::canonical(code).as_bytes())
}
