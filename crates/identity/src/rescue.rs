//! What an operator does at the machine itself, with the data directory open and no credential:
//! whoever can read the database can do all of this anyway. All of it is audited.

use catalog::users::{self, NewUser};
use catalog::{roles, sessions, tenants};
use domain::{Role, TenantId, UserId};

use crate::account::{self, Account};
use crate::email::Email;
use crate::error::Error;
use crate::identity::Identity;
use crate::record::Deed;
use crate::{name, readable};

/// Groups of a made-up password: sixteen characters, eighty bits.
const PASSWORD_GROUPS: usize = 4;

/// Accounts read at a time.
const PAGE: u32 = 200;

impl Identity {
    /// Makes an account with a made-up password, which is returned.
    ///
    /// # Errors
    /// [`Error::Field`], [`Error::Taken`]; those of the database.
    pub async fn create_user(
        &self,
        email: &str,
        name: Option<&str>,
        roles: Vec<Role>,
    ) -> Result<(Account, String), Error> {
        let email = Email::parse(email)?;
        let name = name::tidy(name)?;
        let now = self.now();
        let password = readable::code(PASSWORD_GROUPS, self.entropy());
        let hash = self.hasher().hash(password.clone()).await?;
        let id: UserId = self.ids().fresh();
        let record = self
            .record(Deed::AccountMade, TenantId::DEFAULT, now)
            .to(id.uuid());
        let quota = self.config().quota();
        let account = self
            .catalog()
            .write_as(move |tx| {
                Box::pin(async move {
                    let tenant = tenants::ensure_default(tx, now).await?;
                    roles::seed(tx, tenant).await?;
                    let new = NewUser {
                        tenant,
                        id,
                        email: email.as_str(),
                        name: name.as_deref(),
                        password: Some(&hash),
                        quota,
                        created_at: now,
                    };
                    if !users::insert(tx, &new).await? {
                        return Err(Error::Taken { field: "email" });
                    }
                    for role in roles {
                        roles::assign(tx, tenant, id, role.as_str()).await?;
                    }
                    record.write(tx).await?;
                    account::load(tx, tenant, id)
                        .await?
                        .ok_or(Error::Defect("an account vanished while it was made"))
                })
            })
            .await?;
        Ok((account, password))
    }

    /// Gives an account a made-up password, which is returned, and ends all its sessions. `None`
    /// when nobody has that e-mail address.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn reset_password(&self, email: &str) -> Result<Option<String>, Error> {
        let now = self.now();
        let email = email.to_owned();
        let password = readable::code(PASSWORD_GROUPS, self.entropy());
        let hash = self.hasher().hash(password.clone()).await?;
        let record = self.record(Deed::PasswordReset, TenantId::DEFAULT, now);
        let done = self
            .catalog()
            .write(move |tx| {
                Box::pin(async move {
                    let Some(user) = users::by_email(tx, TenantId::DEFAULT, &email).await? else {
                        return Ok(false);
                    };
                    users::set_password(tx, user.tenant, user.id, &hash, now).await?;
                    sessions::revoke_all(tx, user.tenant, user.id, None, now).await?;
                    record.to(user.id.uuid()).write(tx).await?;
                    Ok(true)
                })
            })
            .await?;
        self.sessions_cache().forget_all();
        Ok(done.then_some(password))
    }

    /// All accounts, in the order of their making.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn list_users(&self) -> Result<Vec<Account>, Error> {
        let mut all: Vec<Account> = Vec::new();
        loop {
            let after = all.last().map(|account| account.id);
            let page = self
                .catalog()
                .read(move |tx| {
                    Box::pin(async move {
                        let mut page = Vec::new();
                        for user in users::list(tx, TenantId::DEFAULT, after, PAGE).await? {
                            page.push(account::with_roles(tx, user).await?);
                        }
                        Ok(page)
                    })
                })
                .await?;
            if page.is_empty() {
                return Ok(all);
            }
            all.extend(page);
        }
    }
}
