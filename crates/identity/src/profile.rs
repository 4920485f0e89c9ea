//! What people change of their own account: name, e-mail address, password.

use catalog::{sessions, users};
use serde_json::json;

use crate::account::{self, Account};
use crate::caller::Caller;
use crate::email::Email;
use crate::error::Error;
use crate::identity::Identity;
use crate::password::Match;
use crate::record::Deed;
use crate::{name, password};

/// What to change; what is `None` stays.
#[derive(Clone, Default)]
pub struct ProfileEdit {
    /// Display name; `Some(None)` takes it away.
    pub name: Option<Option<String>>,
    /// E-mail address: the name one signs in with, so it takes the password.
    pub email: Option<String>,
    /// The password in use.
    pub current_password: Option<String>,
}

impl Identity {
    /// Changes the caller's own account.
    ///
    /// # Errors
    /// [`Error::InPerson`], [`Error::Field`], [`Error::Taken`], [`Error::Wait`]; those of the database.
    pub async fn change_profile(
        &self,
        caller: &Caller,
        edit: ProfileEdit,
    ) -> Result<Account, Error> {
        caller.in_person()?;
        let name = match edit.name {
            Some(name) => Some(name::tidy(name.as_deref())?),
            None => None,
        };
        let email = edit.email.as_deref().map(Email::parse).transpose()?;
        if email.is_some() {
            let current = edit.current_password.unwrap_or_default();
            self.prove(caller, "current_password", current).await?;
        }
        let (tenant, user, now) = (caller.tenant, caller.user, self.now());
        let told = json!({ "name": name, "email": email.as_ref().map(Email::as_str) });
        let record = self
            .record(Deed::AccountChanged, tenant, now)
            .of(caller)
            .to(user.uuid())
            .with(told);
        let changed = self
            .catalog()
            .write_as(move |tx| {
                Box::pin(async move {
                    if let Some(name) = name {
                        users::set_name(tx, tenant, user, name.as_deref(), now).await?;
                    }
                    if let Some(email) = email
                        && !users::set_email(tx, tenant, user, email.as_str(), now).await?
                    {
                        return Err(Error::Taken { field: "email" });
                    }
                    record.write(tx).await?;
                    account::load(tx, tenant, user).await?.ok_or(Error::SignIn)
                })
            })
            .await;
        self.access_changed();
        match changed {
            Err(Error::Catalog(catalog::Error::Conflict { .. })) => {
                Err(Error::Taken { field: "email" })
            }
            Err(error) => Err(error),
            Ok(account) => Ok(Account {
                permissions: account.permissions.intersect(caller.permissions),
                ..account
            }),
        }
    }

    /// Replaces the caller's password and ends all other sessions. Keys stay: they are revoked one by
    /// one.
    ///
    /// # Errors
    /// [`Error::InPerson`], [`Error::Field`], [`Error::Wait`], [`Error::Busy`]; those of the database.
    pub async fn change_password(
        &self,
        caller: &Caller,
        current: String,
        new: String,
    ) -> Result<(), Error> {
        let session = caller.in_person()?;
        password::check("new", &new)?;
        self.prove(caller, "current", current).await?;
        let hash = self.hasher().hash(new).await?;
        let (tenant, user, now) = (caller.tenant, caller.user, self.now());
        let record = self
            .record(Deed::PasswordChanged, tenant, now)
            .of(caller)
            .to(user.uuid());
        self.catalog()
            .write(move |tx| {
                Box::pin(async move {
                    users::set_password(tx, tenant, user, &hash, now).await?;
                    sessions::revoke_all(tx, tenant, user, Some(session), now).await?;
                    record.write(tx).await
                })
            })
            .await?;
        self.access_changed();
        Ok(())
    }

    /// Checks that the caller knows the password. Guesses count as failed sign-ins do: a browser that
    /// was left open is no place to try without end.
    async fn prove(
        &self,
        caller: &Caller,
        field: &'static str,
        given: String,
    ) -> Result<(), Error> {
        let wrong = || Error::field(field, "This is not the password of this account.");
        let now = self.now();
        let (tenant, id) = (caller.tenant, caller.user);
        let user = self
            .catalog()
            .read(move |tx| Box::pin(users::by_id(tx, tenant, id)))
            .await?
            .ok_or(Error::SignIn)?;
        if !password::is_possible(&given) {
            return Err(wrong());
        }
        let key =
            Email::parse(&user.email).map_or_else(|_| user.email.clone(), |email| email.key());
        self.accounts_throttle().attempt(&key, now)?;
        match self.hasher().verify(given, user.password).await? {
            Match::Yes | Match::Outdated => {
                self.accounts_throttle().forgive(&key, now);
                Ok(())
            }
            Match::No => Err(wrong()),
        }
    }
}
