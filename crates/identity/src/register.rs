//! Making an account for oneself.

use catalog::users::{self, NewUser};
use catalog::{Tx, roles, tenants};
use domain::{Role, TenantId, UserId};

use crate::account::{self, Account};
use crate::caller::Peer;
use crate::config::Registration;
use crate::email::Email;
use crate::error::Error;
use crate::grant::{Carrier, SignIn};
use crate::identity::Identity;
use crate::record::Deed;
use crate::setup::{self, Proof};
use crate::throttle::neighbourhood;
use crate::{name, password};

/// What somebody fills in.
pub struct NewAccount {
    /// E-mail address.
    pub email: String,
    /// Password, at least ten characters.
    pub password: String,
    /// Display name.
    pub name: Option<String>,
    /// The code printed at start; the first account needs it unless made at the machine itself.
    pub setup_code: Option<String>,
}

impl Identity {
    /// Makes an account and signs it in. The first becomes the owner of the vault.
    ///
    /// # Errors
    /// [`Error::Field`], [`Error::Taken`], [`Error::SetupCode`], [`Error::RegistrationClosed`],
    /// [`Error::Wait`]; those of the database.
    pub async fn register(
        &self,
        wish: NewAccount,
        carrier: Carrier,
        peer: &Peer,
    ) -> Result<SignIn, Error> {
        let email = Email::parse(&wish.email)?;
        let name = name::tidy(wish.name.as_deref())?;
        password::check(&wish.password)?;
        let now = self.now();
        let proof = self.admission(wish.setup_code, peer).await?;
        let place = neighbourhood(peer.address);
        self.address_throttle().attempt(&place, now)?;
        let hash = self.hasher().hash(wish.password).await?;
        let user: UserId = self.ids().fresh();
        let fresh = self.fresh_session(carrier, peer, now);
        let record = self
            .record(Deed::Registered, TenantId::DEFAULT, now)
            .by(user)
            .to(user.uuid())
            .from(peer);
        let quota = self.config().quota();
        let (account, fresh) = self
            .catalog()
            .write_as(move |tx| {
                Box::pin(async move {
                    let new = NewUser {
                        tenant: TenantId::DEFAULT,
                        id: user,
                        email: email.as_str(),
                        name: name.as_deref(),
                        password: Some(&hash),
                        quota,
                        created_at: now,
                    };
                    let account = insert(tx, &new, proof).await?;
                    fresh.store(tx, &account).await?;
                    record.write(tx).await?;
                    Ok::<_, Error>((account, fresh))
                })
            })
            .await?;
        self.address_throttle().forgive(&place, now);
        self.sign_in(account, &fresh)
    }

    /// Whether an account may be made from there, decided before a password is hashed; `Some` is
    /// the proof that makes it the first.
    async fn admission(&self, code: Option<String>, peer: &Peer) -> Result<Option<Proof>, Error> {
        if self.any_account().await? {
            return match self.config().registration {
                Registration::Open => Ok(None),
                Registration::Invite | Registration::Closed => Err(Error::RegistrationClosed),
            };
        }
        match code {
            Some(code) if !peer.on_loopback => Ok(Some(Proof::Code(code))),
            None if !peer.on_loopback => Err(Error::SetupCode),
            _ => Ok(Some(Proof::Loopback)),
        }
    }
}

async fn insert(tx: &mut Tx, new: &NewUser<'_>, first: Option<Proof>) -> Result<Account, Error> {
    tenants::ensure_default(tx, new.created_at).await?;
    roles::seed(tx, new.tenant).await?;
    if !users::insert(tx, new).await? {
        return Err(Error::Taken { field: "email" });
    }
    match first {
        Some(proof) => setup::claim(tx, new.id, &proof, new.created_at).await?,
        None => roles::assign(tx, new.tenant, new.id, Role::User.as_str()).await?,
    }
    account::load(tx, new.tenant, new.id)
        .await?
        .ok_or(Error::Defect("an account vanished while it was made"))
}
