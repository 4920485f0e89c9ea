//! Invitations: how somebody gets an account where not everybody may make one.
//!
//! The link holds a secret of 256 bits of which only a hash is stored; it opens one account, until it
//! expires, is withdrawn, or whoever made it could not give those roles any more.

use catalog::invitations::{self, Invitation as Stored};
use catalog::users::{self, NewUser};
use catalog::{Tx, roles as stored_roles};
use domain::{InvitationId, Page, Permission, Permissions, Role, Timestamp, UserId};
use serde_json::json;

use crate::account;
use crate::authority::{Authority, Reach};
use crate::caller::{Caller, Peer};
use crate::config::{DAY, Registration};
use crate::email::Email;
use crate::error::Error;
use crate::identity::Identity;
use crate::record::Deed;
use crate::roles::Named;
use crate::secret;
use crate::throttle::neighbourhood;

/// Most open invitations of a tenant.
const MAX_OPEN: u64 = 1_000;

/// Longest life, in days.
const MAX_DAYS: u32 = 90;

/// Life when none is asked for, in days.
const DAYS: u32 = 7;

/// What an invitation should be.
#[derive(Debug, Clone, Default)]
pub struct NewInvitation {
    /// Whom it is for; `None`: whoever has the link.
    pub email: Option<String>,
    /// Names of roles; `None`: an ordinary user.
    pub roles: Option<Vec<String>>,
    /// Bytes the account may own, `Some(None)`: no limit; `None`: as every new account.
    pub quota: Option<Option<u64>>,
    /// Days until it expires.
    pub expires_in_days: Option<u32>,
}

/// Where an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    /// Waits for somebody to accept it.
    Open,
    /// Somebody has.
    Accepted,
    /// It was withdrawn.
    Revoked,
    /// Nobody has in time.
    Expired,
}

impl InvitationState {
    /// The word used in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }
}

/// An invitation as whoever manages accounts sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Whom it is for; `None`: whoever has the link.
    pub email: Option<String>,
    /// Roles of the account.
    pub roles: Vec<String>,
    /// Bytes the account may own; `None`: no limit.
    pub quota: Option<u64>,
    /// Who invited.
    pub invited_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// Where it stands.
    pub state: InvitationState,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// The account that was made.
    pub accepted_by: Option<UserId>,
}

impl Invitation {
    fn at(now: Timestamp, stored: Stored) -> Self {
        let state = match &stored {
            stored if stored.accepted_at.is_some() => InvitationState::Accepted,
            stored if stored.revoked_at.is_some() => InvitationState::Revoked,
            stored if stored.expires_at <= now => InvitationState::Expired,
            _ => InvitationState::Open,
        };
        Self {
            id: stored.id,
            email: stored.email,
            roles: stored.roles,
            quota: stored.quota,
            invited_by: stored.invited_by,
            created_at: stored.created_at,
            expires_at: stored.expires_at,
            state,
            accepted_at: stored.accepted_at,
            accepted_by: stored.accepted_by,
        }
    }
}

/// What whoever follows the link is told before accepting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// Whom it is for; `None`: whoever has the link.
    pub email: Option<String>,
    /// Name, or else e-mail address, of whoever invited.
    pub invited_by: String,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

impl Identity {
    /// Invitations of the caller's tenant, newest first, before the one `before`.
    ///
    /// # Errors
    /// [`Error::NotAllowed`]; those of the database.
    pub async fn invitations(
        &self,
        caller: &Caller,
        before: Option<InvitationId>,
        limit: u32,
    ) -> Result<Page<Invitation, InvitationId>, Error> {
        caller.require(Permission::UsersManage)?;
        let (tenant, now) = (caller.tenant, self.now());
        let found = self
            .catalog()
            .read(move |tx| Box::pin(invitations::list(tx, tenant, before, limit)))
            .await?;
        Ok(found.map(|stored| Invitation::at(now, stored)))
    }

    /// Invites somebody in the name of `inviter`. The second part of the answer is the secret, known to
    /// nobody afterwards.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], also for roles that hold what the authority or the inviter does not;
    /// [`Error::InPerson`], [`Error::Field`], [`Error::Taken`] for somebody who has an account,
    /// [`Error::RegistrationClosed`]; those of the database.
    pub async fn invite(
        &self,
        authority: Authority<'_>,
        inviter: UserId,
        wish: NewInvitation,
    ) -> Result<(Invitation, String), Error> {
        authority.require(Permission::UsersManage)?;
        if self.policy().registration == Registration::Closed {
            return Err(Error::RegistrationClosed);
        }
        let email = wish.email.as_deref().map(Email::parse).transpose()?;
        let (tenant, now, reach) = (authority.tenant(), self.now(), authority.reach());
        let secret = secret::fresh_invitation(self.entropy());
        let hash = secret::invitation_hash(&secret)
            .ok_or(Error::Defect("a fresh invitation cannot be read"))?;
        let names = wish.roles.unwrap_or_else(|| vec![Role::User.to_string()]);
        let mut new = Stored {
            tenant,
            id: self.ids().fresh(),
            email: email.map(|email| email.as_str().to_owned()),
            roles: Vec::new(),
            quota: wish.quota.unwrap_or(self.policy().quota()),
            invited_by: inviter,
            created_at: now,
            expires_at: end(wish.expires_in_days, now)?,
            accepted_at: None,
            accepted_by: None,
            revoked_at: None,
        };
        let record = authority
            .sign(self.record(Deed::InvitationMade, tenant, now))
            .to(new.id.uuid())
            .with(json!({ "email": new.email, "roles": names, "quota": new.quota }));
        let made = self
            .catalog()
            .write_as(move |tx| {
                Box::pin(async move {
                    new.roles = Named::find(tx, tenant, names, reach).await?.names;
                    if invitations::count_open(tx, tenant, now).await? >= MAX_OPEN {
                        let words = "There are 1000 open invitations: withdraw some first.";
                        return Err(Error::InUse(words));
                    }
                    if let Some(email) = &new.email
                        && users::by_email(tx, tenant, email).await?.is_some()
                    {
                        return Err(Error::Taken { field: "email" });
                    }
                    invitations::insert(tx, &new, &hash).await?;
                    record.write(tx).await?;
                    Ok::<_, Error>(new)
                })
            })
            .await?;
        Ok((Invitation::at(now, made), secret))
    }

    /// Withdraws an open invitation. `None`: there is no such open invitation.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::InPerson`]; those of the database.
    pub async fn revoke_invitation(
        &self,
        caller: &Caller,
        id: InvitationId,
    ) -> Result<Option<()>, Error> {
        Authority::Of(caller).require(Permission::UsersManage)?;
        let (tenant, now) = (caller.tenant, self.now());
        let record = self
            .record(Deed::InvitationRevoked, tenant, now)
            .of(caller)
            .to(id.uuid());
        let revoked = self
            .catalog()
            .write(move |tx| {
                Box::pin(async move {
                    let revoked = invitations::revoke(tx, tenant, id, now).await?;
                    if revoked {
                        record.write(tx).await?;
                    }
                    Ok(revoked)
                })
            })
            .await?;
        Ok(revoked.then_some(()))
    }

    /// What the holder of an invitation's link is told. `None`: it is unknown, used, withdrawn or
    /// expired; which of them is not said.
    ///
    /// # Errors
    /// [`Error::Wait`]; those of the database.
    pub async fn invited(&self, secret: &str, peer: &Peer) -> Result<Option<Invited>, Error> {
        let now = self.now();
        let place = neighbourhood(peer.address);
        self.address_throttle().attempt(&place, now)?;
        let Some(hash) = secret::invitation_hash(secret) else {
            return Ok(None);
        };
        let found = self
            .catalog()
            .read_as(move |tx| {
                Box::pin(async move {
                    let Some(open) = invitations::open(tx, &hash, now).await? else {
                        return Ok(None);
                    };
                    match vouched(tx, &open).await {
                        Ok(inviter) => Ok(Some((open, inviter))),
                        Err(Error::Invitation) => Ok(None),
                        Err(error) => Err(error),
                    }
                })
            })
            .await?;
        if found.is_some() {
            self.address_throttle().forgive(&place, now);
        }
        Ok(found.map(|(open, inviter)| Invited {
            email: open.email,
            invited_by: inviter,
            expires_at: open.expires_at,
        }))
    }
}

/// Spends the invitation for a new account, which it makes. Fails, and with it the transaction, when the
/// invitation is not good or was made for somebody else.
pub(crate) async fn accept(
    tx: &mut Tx,
    secret: &[u8; 32],
    new: NewUser<'_>,
) -> Result<InvitationId, Error> {
    let spent = invitations::accept(tx, secret, new.id, new.created_at)
        .await?
        .ok_or(Error::Invitation)?;
    vouched(tx, &spent).await?;
    let same = |email: &String| email.to_lowercase() == new.email.to_lowercase();
    if !spent.email.as_ref().is_none_or(same) {
        return Err(Error::field(
            "email",
            "This invitation is for another e-mail address.",
        ));
    }
    let user = NewUser {
        tenant: spent.tenant,
        quota: spent.quota,
        ..new
    };
    if !users::insert(tx, &user).await? {
        return Err(Error::Taken { field: "email" });
    }
    for role in &spent.roles {
        stored_roles::assign(tx, spent.tenant, user.id, role).await?;
    }
    Ok(spent.id)
}

/// The name of whoever invited, if the account could still give what it promised: an invitation does
/// not outlive the standing of its maker.
async fn vouched(tx: &mut Tx, invitation: &Stored) -> Result<String, Error> {
    let inviter = account::load(tx, invitation.tenant, invitation.invited_by)
        .await?
        .filter(|account| account.is_active)
        .ok_or(Error::Invitation)?;
    let mut promised: Permissions = [Permission::UsersManage].into_iter().collect();
    for name in &invitation.roles {
        let role = stored_roles::get(tx, invitation.tenant, name).await?;
        let role = role.ok_or(Error::Invitation)?;
        promised = promised.union(role.permissions);
    }
    Reach(inviter.permissions)
        .covers(promised)
        .map_err(|_| Error::Invitation)?;
    Ok(inviter.name.unwrap_or(inviter.email))
}

fn end(days: Option<u32>, now: Timestamp) -> Result<Timestamp, Error> {
    match days.unwrap_or(DAYS) {
        days @ 1..=MAX_DAYS => Ok(now.plus_millis(i64::from(days) * DAY)),
        _ => Err(Error::field(
            "expires_in_days",
            "An invitation lives between 1 and 90 days.",
        )),
    }
}
