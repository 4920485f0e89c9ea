//! An account as its owner and administrators see it.

use catalog::users::{self, User, UserState};
use catalog::{Tx, roles};
use domain::{Permissions, Role, TenantId, Timestamp, UserId};

use crate::caller::Caller;
use crate::error::Error;
use crate::identity::Identity;

/// An account, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: UserId,
    /// E-mail address as it was written.
    pub email: String,
    /// Display name.
    pub name: Option<String>,
    /// Names of its roles, sorted.
    pub roles: Vec<String>,
    /// What the roles allow together.
    pub permissions: Permissions,
    /// Bytes it may own; `None`: no limit.
    pub quota: Option<u64>,
    /// Bytes it owns, every asset counted in full.
    pub used: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whether it may sign in.
    pub is_active: bool,
}

impl Account {
    fn new(user: User, roles: Vec<String>, permissions: Permissions) -> Self {
        Self {
            tenant: user.tenant,
            id: user.id,
            email: user.email,
            name: user.name,
            roles,
            permissions,
            quota: user.quota,
            used: user.used,
            created_at: user.created_at,
            is_active: user.state == UserState::Active,
        }
    }

    /// The one role a token names: the built-in one that allows most, else any.
    pub(crate) fn role(&self) -> String {
        [Role::Admin, Role::Operator, Role::Partner, Role::User]
            .iter()
            .map(|role| role.as_str())
            .find(|role| self.roles.iter().any(|held| held == role))
            .map(str::to_owned)
            .or_else(|| self.roles.first().cloned())
            .unwrap_or_default()
    }
}

/// Adds what its roles allow to a user.
pub(crate) async fn with_roles(tx: &mut Tx, user: User) -> Result<Account, catalog::Error> {
    let (roles, permissions) = roles::permissions_of(tx, user.tenant, user.id).await?;
    Ok(Account::new(user, roles, permissions))
}

/// The account with that id.
pub(crate) async fn load(
    tx: &mut Tx,
    tenant: TenantId,
    id: UserId,
) -> Result<Option<Account>, catalog::Error> {
    match users::by_id(tx, tenant, id).await? {
        Some(user) => with_roles(tx, user).await.map(Some),
        None => Ok(None),
    }
}

impl Identity {
    /// The caller's own account, with the permissions the caller's credential leaves of it.
    ///
    /// # Errors
    /// [`Error::SignIn`] when the account is gone; those of the database.
    pub async fn account(&self, caller: &Caller) -> Result<Account, Error> {
        let (tenant, user) = (caller.tenant, caller.user);
        let account = self
            .catalog()
            .read(move |tx| Box::pin(load(tx, tenant, user)))
            .await?
            .ok_or(Error::SignIn)?;
        Ok(Account {
            permissions: account.permissions.intersect(caller.permissions),
            ..account
        })
    }
}
