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
use crate::{invitations, name, password, secret};

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
    /// The secret of an invitation.
    pub invitation: Option<String>,
}

/// By what right an account is made.
enum Admission {
    /// It is the first, by this proof.
    First(Proof),
    /// Anybody may.
    Open,
    /// By the invitation with this hash.
    Invited([u8; 32]),
}

impl Identity {
    /// Makes an account and signs it in. The first becomes the owner of the vault.
    ///
    /// # Errors
    /// [`Error::Field`], [`Error::Taken`], [`Error::SetupCode`], [`Error::RegistrationClosed`],
    /// [`Error::Invitation`], [`Error::Wait`]; those of the database.
    pub async fn register(
        &self,
        wish: NewAccount,
        carrier: Carrier,
        peer: &Peer,
    ) -> Result<SignIn, Error> {
        let email = Email::parse(&wish.email)?;
        let name = name::tidy(wish.name.as_deref())?;
        password::check("password", &wish.password)?;
        let now = self.now();
        let admission = self
            .admission(wish.setup_code, wish.invitation, peer)
            .await?;
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
        let quota = self.policy().quota();
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
                    let account = insert(tx, new, admission).await?;
                    fresh.store(tx, &account).await?;
                    record.write(tx).await?;
                    Ok::<_, Error>((account, fresh))
                })
            })
            .await?;
        self.address_throttle().forgive(&place, now);
        self.sign_in(account, &fresh)
    }

    /// Whether an account may be made from there, decided before a password is hashed.
    async fn admission(
        &self,
        code: Option<String>,
        invitation: Option<String>,
        peer: &Peer,
    ) -> Result<Admission, Error> {
        if self.any_account().await? {
            return match (self.policy().registration, invitation) {
                (Registration::Closed, _) => Err(Error::RegistrationClosed),
                (_, Some(secret)) => secret::invitation_hash(&secret)
                    .map(Admission::Invited)
                    .ok_or(Error::Invitation),
                (Registration::Open, None) => Ok(Admission::Open),
                (Registration::Invite, None) => Err(Error::RegistrationClosed),
            };
        }
        match code {
            Some(code) if !peer.on_loopback => Ok(Admission::First(Proof::Code(code))),
            None if !peer.on_loopback => Err(Error::SetupCode),
            _ => Ok(Admission::First(Proof::Loopback)),
        }
    }
}

async fn insert(tx: &mut Tx, new: NewUser<'_>, admission: Admission) -> Result<Account, Error> {
    let (tenant, id, now) = (new.tenant, new.id, new.created_at);
    tenants::ensure_default(tx, now).await?;
    roles::seed(tx, tenant).await?;
    if let Admission::Invited(secret) = &admission {
        invitations::accept(tx, secret, new).await?;
    } else if !users::insert(tx, &new).await? {
        return Err(Error::Taken { field: "email" });
    }
    match admission {
        Admission::First(proof) => setup::claim(tx, id, &proof, now).await?,
        Admission::Open => roles::assign(tx, tenant, id, Role::User.as_str()).await?,
        Admission::Invited(_) => {}
    }
    account::load(tx, tenant, id)
        .await?
        .ok_or(Error::Defect("an account vanished while it was made"))
}
