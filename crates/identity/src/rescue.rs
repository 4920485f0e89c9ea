//! What an operator does at the machine itself, with the data directory open and no credential:
//! whoever can read the database can do all of this anyway. All of it is audited.

use catalog::{Tx, roles, users};
use domain::{Permissions, Role, TenantId, UserId};
use serde_json::json;

use crate::authority::Authority;
use crate::error::Error;
use crate::identity::Identity;
use crate::people::Person;
use crate::record::Deed;

/// A built-in role that is what it came with again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestoredRole {
    /// Its name.
    pub name: &'static str,
    /// What it allows again.
    pub added: Permissions,
    /// What it allows no more.
    pub removed: Permissions,
}

/// Accounts read at a time.
const PAGE: u32 = 200;

impl Identity {
    /// Gives an account a made-up password, which is returned, and ends all its sessions. `None`
    /// when nobody has that e-mail address.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn reset_password(&self, email: &str) -> Result<Option<String>, Error> {
        match self.id_of(email).await? {
            Some(id) => self.reset_password_of(Authority::Console, id).await,
            None => Ok(None),
        }
    }

    /// The account with that e-mail address.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn id_of(&self, email: &str) -> Result<Option<UserId>, Error> {
        let email = email.to_owned();
        let user = self
            .catalog()
            .read(move |tx| {
                Box::pin(async move { users::by_email(tx, TenantId::DEFAULT, &email).await })
            })
            .await?;
        Ok(user.map(|user| user.id))
    }

    /// Puts the built-in roles back to what they came with, also one that is not there any more; roles of
    /// the tenant's own, and who holds what, stay. What was changed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn restore_roles(&self) -> Result<Vec<RestoredRole>, Error> {
        let (tenant, now) = (TenantId::DEFAULT, self.now());
        let record = self.record(Deed::RolesRestored, tenant, now);
        let restored = self
            .catalog()
            .write_as(move |tx| {
                Box::pin(async move {
                    // Beside a server that changes roles, one comes after the other.
                    users::queue_up(tx, tenant).await?;
                    let mut restored = Vec::new();
                    for role in Role::ALL {
                        restored.extend(restore(tx, tenant, *role).await?);
                    }
                    roles::seed(tx, tenant).await?;
                    if !restored.is_empty() {
                        let names: Vec<_> = restored.iter().map(|role| role.name).collect();
                        record.with(json!({ "roles": names })).write(tx).await?;
                    }
                    Ok::<_, Error>(restored)
                })
            })
            .await?;
        self.access_changed();
        Ok(restored)
    }

    /// All accounts, in the order of their making.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn list_users(&self) -> Result<Vec<Person>, Error> {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = self.people(Authority::Console, None, after, PAGE).await?;
            all.extend(page.items);
            after = page.next;
            if after.is_none() {
                return Ok(all);
            }
        }
    }
}

/// Puts one role back; what that changed, if anything.
async fn restore(tx: &mut Tx, tenant: TenantId, role: Role) -> Result<Option<RestoredRole>, Error> {
    let found = roles::get(tx, tenant, role.as_str()).await?;
    let has = found.map_or(Permissions::NONE, |found| found.permissions);
    let right = role.permissions();
    if has == right {
        return Ok(None);
    }
    roles::redefine(tx, tenant, role.as_str(), right).await?;
    Ok(Some(RestoredRole {
        name: role.as_str(),
        added: right.without(has),
        removed: has.without(right),
    }))
}
