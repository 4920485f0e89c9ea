//! The roles of a tenant, for whoever defines them, and roles by their names.

use catalog::Tx;
use catalog::roles::{self, Defined};
use catalog::users;
use domain::{Permission, Permissions, TenantId, UserId};
use serde_json::json;

use crate::authority::{Authority, Reach, Watch};
use crate::caller::Caller;
use crate::error::Error;
use crate::identity::Identity;
use crate::record::Deed;

/// Most roles of a tenant, and of an account.
const MAX_ROLES: usize = 100;

/// Longest name of a role, in bytes.
const MAX_NAME: usize = 40;

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleInfo {
    /// Its name.
    pub name: String,
    /// What it allows.
    pub permissions: Permissions,
    /// The program came with it: it can be changed but not removed.
    pub built_in: bool,
    /// How many accounts hold it.
    pub holders: u64,
}

impl From<Defined> for RoleInfo {
    fn from(role: Defined) -> Self {
        Self {
            name: role.name,
            permissions: role.permissions,
            built_in: role.built_in,
            holders: role.holders,
        }
    }
}

/// Roles that exist and that somebody may give.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) names: Vec<String>,
}

impl Named {
    /// Looks them up.
    ///
    /// # Errors
    /// [`Error::Field`] when there is no such role, [`Error::NotAllowed`] when one holds what is out of
    /// reach.
    pub(crate) async fn find(
        tx: &mut Tx,
        tenant: TenantId,
        mut names: Vec<String>,
        reach: Reach,
    ) -> Result<Self, Error> {
        names.sort_unstable();
        names.dedup();
        if names.len() > MAX_ROLES {
            return Err(Error::field("roles", "An account has at most 100 roles."));
        }
        for name in &names {
            let role = roles::get(tx, tenant, name)
                .await?
                .ok_or_else(|| Error::field("roles", "There is no role of that name."))?;
            reach.covers(role.permissions)?;
        }
        Ok(Self { names })
    }

    /// Gives them to a user.
    pub(crate) async fn give(
        &self,
        tx: &mut Tx,
        tenant: TenantId,
        user: UserId,
    ) -> Result<(), Error> {
        for name in &self.names {
            roles::assign(tx, tenant, user, name).await?;
        }
        Ok(())
    }

    /// Gives them to a user, and takes all others.
    pub(crate) async fn replace(
        &self,
        tx: &mut Tx,
        tenant: TenantId,
        user: UserId,
    ) -> Result<(), Error> {
        let (held, _) = roles::permissions_of(tx, tenant, user).await?;
        for name in held.iter().filter(|name| !self.names.contains(name)) {
            roles::unassign(tx, tenant, user, name).await?;
        }
        self.give(tx, tenant, user).await
    }
}

impl Identity {
    /// The roles of the caller's tenant by name.
    ///
    /// # Errors
    /// [`Error::NotAllowed`]; those of the database.
    pub async fn roles(&self, caller: &Caller) -> Result<Vec<RoleInfo>, Error> {
        caller.require(Permission::RolesManage)?;
        let tenant = caller.tenant;
        let roles = self
            .catalog()
            .read(move |tx| Box::pin(roles::list(tx, tenant)))
            .await?;
        Ok(roles.into_iter().map(RoleInfo::from).collect())
    }

    /// Defines a role.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] also for a permission the caller does not hold, [`Error::InPerson`],
    /// [`Error::Field`], [`Error::Taken`]; those of the database.
    pub async fn define_role(
        &self,
        caller: &Caller,
        name: &str,
        permissions: Permissions,
    ) -> Result<RoleInfo, Error> {
        let authority = Authority::Of(caller);
        authority.require(Permission::RolesManage)?;
        authority.reach().covers(permissions)?;
        let name = tidy(name)?;
        let (tenant, now) = (caller.tenant, self.now());
        let record = authority
            .sign(self.record(Deed::RoleMade, tenant, now))
            .with(json!({ "role": name, "permissions": permissions }));
        let made = name.clone();
        self.catalog()
            .write_as(move |tx| {
                Box::pin(async move {
                    if roles::list(tx, tenant).await?.len() >= MAX_ROLES {
                        return Err(Error::field("name", "There are at most 100 roles."));
                    }
                    if !roles::define(tx, tenant, &made, permissions).await? {
                        return Err(Error::Taken { field: "name" });
                    }
                    record.write(tx).await?;
                    Ok(())
                })
            })
            .await?;
        Ok(RoleInfo {
            name,
            permissions,
            built_in: false,
            holders: 0,
        })
    }

    /// Changes what a role allows, for all who hold it. `None`: there is no such role.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] also when the role allows, or should, what the caller may not;
    /// [`Error::InPerson`], [`Error::LastHolder`]; those of the database.
    pub async fn redefine_role(
        &self,
        caller: &Caller,
        name: &str,
        permissions: Permissions,
    ) -> Result<Option<RoleInfo>, Error> {
        let authority = Authority::Of(caller);
        authority.require(Permission::RolesManage)?;
        authority.reach().covers(permissions)?;
        let (tenant, now, name) = (caller.tenant, self.now(), name.to_owned());
        let record = authority.sign(self.record(Deed::RoleChanged, tenant, now));
        let reach = authority.reach();
        let changed = self
            .catalog()
            .write_as(move |tx| {
                Box::pin(async move {
                    let watch = Watch::begin(tx, tenant).await?;
                    let Some(before) = roles::get(tx, tenant, &name).await? else {
                        return Ok(None);
                    };
                    reach.covers(before.permissions)?;
                    roles::redefine(tx, tenant, &name, permissions).await?;
                    watch.end(tx).await?;
                    let told = json!({
                        "role": name, "before": before.permissions, "permissions": permissions
                    });
                    record.with(told).write(tx).await?;
                    Ok::<_, Error>(Some(Defined {
                        permissions,
                        ..before
                    }))
                })
            })
            .await?;
        self.access_changed();
        Ok(changed.map(RoleInfo::from))
    }

    /// Removes a role that nobody holds. `None`: there is no such role.
    ///
    /// # Errors
    /// [`Error::InUse`] for one that is held or built in; [`Error::NotAllowed`], [`Error::InPerson`];
    /// those of the database.
    pub async fn remove_role(&self, caller: &Caller, name: &str) -> Result<Option<()>, Error> {
        let authority = Authority::Of(caller);
        authority.require(Permission::RolesManage)?;
        let (tenant, now, name) = (caller.tenant, self.now(), name.to_owned());
        let record = authority
            .sign(self.record(Deed::RoleRemoved, tenant, now))
            .with(json!({ "role": name }));
        self.catalog()
            .write_as(move |tx| {
                Box::pin(async move {
                    users::queue_up(tx, tenant).await?;
                    let Some(role) = roles::get(tx, tenant, &name).await? else {
                        return Ok(None);
                    };
                    if role.built_in {
                        return Err(Error::InUse(
                            "This role is built in: it can only be changed.",
                        ));
                    }
                    if !roles::remove(tx, tenant, &name).await? {
                        return Err(Error::InUse("Somebody holds this role: take it first."));
                    }
                    record.write(tx).await?;
                    Ok(Some(()))
                })
            })
            .await
    }
}

/// A name fit for a role: it stands in lists that are separated by spaces, and in addresses.
fn tidy(name: &str) -> Result<String, Error> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(plain) {
        Ok(name.to_owned())
    } else {
        Err(Error::field(
            "name",
            "A role's name has up to 40 lower-case letters, digits and dashes.",
        ))
    }
}
