//! What an operator does at the machine itself, with the data directory open and no credential:
//! whoever can read the database can do all of this anyway. All of it is audited.

use catalog::users;
use domain::{TenantId, UserId};

use crate::authority::Authority;
use crate::error::Error;
use crate::identity::Identity;
use crate::people::Person;

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
