//! The accounts of a tenant, for whoever manages them.

use catalog::changes;
use catalog::users::overview::{self, Overview};
use catalog::users::{self, NewUser, UserState};
use catalog::{Tx, invitations, roles as stored, sessions, tenants};
use domain::{Page, Permission, TenantId, Timestamp, UserId};
use serde_json::{Value, json};

use crate::account::{self, Account};
use crate::authority::{Authority, Reach, Watch};
use crate::caller::Caller;
use crate::email::Email;
use crate::error::Error;
use crate::identity::Identity;
use crate::record::Deed;
use crate::roles::Named;
use crate::{name, password, readable};

/// Groups of a made-up password: sixteen characters, eighty bits.
const PASSWORD_GROUPS: usize = 4;

/// An account as whoever manages it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub account: Account,
    /// Last use of a session or key that is still remembered, to the minute or so.
    pub seen_at: Option<Timestamp>,
    /// Assets it owns, those in the trash included.
    pub assets: u64,
}

/// What a new account should be.
#[derive(Debug, Clone, Default)]
pub struct NewPerson {
    /// E-mail address.
    pub email: String,
    /// Display name.
    pub name: Option<String>,
    /// Password; `None`: one is made up.
    pub password: Option<String>,
    /// Names of roles.
    pub roles: Vec<String>,
    /// Bytes it may own, `Some(None)`: no limit; `None`: as every new account.
    pub quota: Option<Option<u64>>,
}

/// What to change of an account; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct PersonEdit {
    /// Display name; `Some(None)` takes it away.
    pub name: Option<Option<String>>,
    /// Names of roles, replacing all.
    pub roles: Option<Vec<String>>,
    /// Bytes it may own; `Some(None)`: no limit. Less than it owns only keeps more from coming.
    pub quota: Option<Option<u64>>,
    /// Whether it may sign in.
    pub is_active: Option<bool>,
}

impl Identity {
    /// Accounts of the authority's tenant in the order of their making, after the account `after`; with
    /// `words` only those whose name or e-mail address contains them.
    ///
    /// # Errors
    /// [`Error::NotAllowed`]; those of the database.
    pub async fn people(
        &self,
        authority: Authority<'_>,
        words: Option<String>,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Page<Person, UserId>, Error> {
        authority.may_look(Permission::UsersManage)?;
        let tenant = authority.tenant();
        let people = self
            .catalog()
            .read(move |tx| {
                Box::pin(async move {
                    let found = overview::list(tx, tenant, words.as_deref(), after, limit).await?;
                    let mut items = Vec::with_capacity(found.items.len());
                    for overview in found.items {
                        items.push(person(tx, overview).await?);
                    }
                    Ok(Page {
                        items,
                        next: found.next,
                    })
                })
            })
            .await?;
        Ok(people)
    }

    /// One account of the caller's tenant.
    ///
    /// # Errors
    /// [`Error::NotAllowed`]; those of the database.
    pub async fn person(&self, caller: &Caller, id: UserId) -> Result<Option<Person>, Error> {
        caller.require(Permission::UsersManage)?;
        let tenant = caller.tenant;
        Ok(self
            .catalog()
            .read(move |tx| Box::pin(look(tx, tenant, id)))
            .await?)
    }

    /// Makes an account. The second part of the answer is its password when one had to be made up.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], also for a role that holds what the authority does not;
    /// [`Error::InPerson`], [`Error::Field`], [`Error::Taken`]; those of the database.
    pub async fn make_person(
        &self,
        authority: Authority<'_>,
        wish: NewPerson,
    ) -> Result<(Person, Option<String>), Error> {
        authority.require(Permission::UsersManage)?;
        let email = Email::parse(&wish.email)?;
        let name = name::tidy(wish.name.as_deref())?;
        if let Some(chosen) = &wish.password {
            password::check("password", chosen)?;
        }
        let made_up = wish
            .password
            .is_none()
            .then(|| readable::code(PASSWORD_GROUPS, self.entropy()));
        let secret = wish
            .password
            .or_else(|| made_up.clone())
            .unwrap_or_default();
        let hash = self.hasher().hash(secret).await?;
        let (tenant, now, id) = (authority.tenant(), self.now(), self.ids().fresh::<UserId>());
        let quota = wish.quota.unwrap_or(self.policy().quota());
        let (names, reach) = (wish.roles, authority.reach());
        let record = authority
            .sign(self.record(Deed::AccountMade, tenant, now))
            .to(id.uuid())
            .with(json!({ "email": email.as_str(), "roles": names }));
        let made = self
            .catalog()
            .write_as(move |tx| {
                Box::pin(async move {
                    if tenant == TenantId::DEFAULT {
                        tenants::ensure_default(tx, now).await?;
                    }
                    stored::seed(tx, tenant).await?;
                    let roles = Named::find(tx, tenant, names, reach).await?;
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
                    roles.give(tx, tenant, id).await?;
                    record.write(tx).await?;
                    look(tx, tenant, id)
                        .await?
                        .ok_or(Error::Defect("an account vanished while it was made"))
                })
            })
            .await?;
        Ok((made, made_up))
    }

    /// Changes an account. `None`: there is no such account.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], also when the account or its new roles hold what the authority does not;
    /// [`Error::InPerson`], [`Error::Field`], [`Error::LastHolder`]; those of the database.
    pub async fn change_person(
        &self,
        authority: Authority<'_>,
        id: UserId,
        edit: PersonEdit,
    ) -> Result<Option<Person>, Error> {
        authority.require(Permission::UsersManage)?;
        let (tenant, now) = (authority.tenant(), self.now());
        let reach = authority.reach();
        let edit = PersonEdit {
            name: match edit.name {
                Some(name) => Some(name::tidy(name.as_deref())?),
                None => None,
            },
            ..edit
        };
        let record = authority
            .sign(self.record(Deed::AccountChanged, tenant, now))
            .to(id.uuid())
            .with(told(&edit));
        let changed = self
            .catalog()
            .write_as(move |tx| {
                Box::pin(async move {
                    let watch = Watch::begin(tx, tenant).await?;
                    if manageable(tx, tenant, id, reach).await?.is_none() {
                        return Ok(None);
                    }
                    apply(tx, (tenant, id), edit, reach, now).await?;
                    watch.end(tx).await?;
                    record.write(tx).await?;
                    changes::of_access(tx, tenant, [id], now).await?;
                    Ok::<_, Error>(look(tx, tenant, id).await?)
                })
            })
            .await?;
        self.access_changed();
        Ok(changed)
    }

    /// Gives an account a made-up password, which is returned, and ends all its sessions. `None`: there
    /// is no such account.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], also when the account holds what the authority does not: its password
    /// would open all that; [`Error::InPerson`], [`Error::Field`] for one's own; those of the database.
    pub async fn reset_password_of(
        &self,
        authority: Authority<'_>,
        id: UserId,
    ) -> Result<Option<String>, Error> {
        authority.require(Permission::UsersManage)?;
        if matches!(authority, Authority::Of(caller) if caller.user == id) {
            // Whoever found a browser open must not get to keep the account.
            return Err(Error::field(
                "id",
                "Your own password takes the one before.",
            ));
        }
        let (tenant, now, reach) = (authority.tenant(), self.now(), authority.reach());
        let made_up = readable::code(PASSWORD_GROUPS, self.entropy());
        let hash = self.hasher().hash(made_up.clone()).await?;
        let record = authority
            .sign(self.record(Deed::PasswordReset, tenant, now))
            .to(id.uuid());
        let done = self
            .catalog()
            .write_as(move |tx| {
                Box::pin(async move {
                    users::queue_up(tx, tenant).await?;
                    if manageable(tx, tenant, id, reach).await?.is_none() {
                        return Ok(None);
                    }
                    users::set_password(tx, tenant, id, &hash, now).await?;
                    sessions::revoke_all(tx, tenant, id, None, now).await?;
                    record.write(tx).await?;
                    changes::of_access(tx, tenant, [id], now).await?;
                    Ok::<_, Error>(Some(()))
                })
            })
            .await?;
        self.access_changed();
        Ok(done.map(|()| made_up))
    }

    /// Removes an account that owns nothing. `None`: there is no such account.
    ///
    /// # Errors
    /// [`Error::InUse`] when it owns something; [`Error::NotAllowed`], [`Error::InPerson`],
    /// [`Error::LastHolder`]; those of the database.
    pub async fn remove_person(
        &self,
        authority: Authority<'_>,
        id: UserId,
    ) -> Result<Option<()>, Error> {
        authority.require(Permission::UsersManage)?;
        let (tenant, now, reach) = (authority.tenant(), self.now(), authority.reach());
        let record = authority
            .sign(self.record(Deed::AccountRemoved, tenant, now))
            .to(id.uuid());
        let owns = || Error::InUse("This account still owns something: media, albums or a folder.");
        let removed = self
            .catalog()
            .write_as(move |tx| {
                Box::pin(async move {
                    let watch = Watch::begin(tx, tenant).await?;
                    let Some(before) = manageable(tx, tenant, id, reach).await? else {
                        return Ok(None);
                    };
                    changes::of_access(tx, tenant, [id], now).await?;
                    invitations::remove_of(tx, tenant, id).await?;
                    if !users::remove(tx, tenant, id).await? {
                        return Err(owns());
                    }
                    watch.end(tx).await?;
                    let told = json!({ "email": before.email });
                    record.with(told).write(tx).await?;
                    Ok::<_, Error>(Some(()))
                })
            })
            .await;
        self.access_changed();
        match removed {
            // Something the catalog's condition does not name refers to the account.
            Err(Error::Catalog(catalog::Error::Conflict { .. })) => Err(owns()),
            removed => removed,
        }
    }
}

/// The account, if whoever has this reach may change it: not when it holds more.
async fn manageable(
    tx: &mut Tx,
    tenant: TenantId,
    id: UserId,
    reach: Reach,
) -> Result<Option<Account>, Error> {
    let account = account::load(tx, tenant, id).await?;
    if let Some(account) = &account {
        reach.covers(account.permissions)?;
    }
    Ok(account)
}

/// What the audit log keeps of a change.
fn told(edit: &PersonEdit) -> Value {
    let parts = [
        ("name", edit.name.as_ref().map(|name| json!(name))),
        ("roles", edit.roles.as_ref().map(|roles| json!(roles))),
        ("quota", edit.quota.map(|quota| json!(quota))),
        ("state", edit.is_active.map(|is| json!(state(is)))),
    ];
    let given = parts
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(given.collect())
}

async fn apply(
    tx: &mut Tx,
    (tenant, id): (TenantId, UserId),
    edit: PersonEdit,
    reach: Reach,
    now: Timestamp,
) -> Result<(), Error> {
    if let Some(name) = edit.name {
        users::set_name(tx, tenant, id, name.as_deref(), now).await?;
    }
    if let Some(names) = edit.roles {
        let roles = Named::find(tx, tenant, names, reach).await?;
        roles.replace(tx, tenant, id).await?;
    }
    if let Some(quota) = edit.quota {
        users::set_quota(tx, tenant, id, quota, now).await?;
    }
    if let Some(is_active) = edit.is_active {
        users::set_state(tx, tenant, id, state(is_active), now).await?;
        if !is_active {
            sessions::revoke_all(tx, tenant, id, None, now).await?;
        }
    }
    Ok(())
}

const fn state(is_active: bool) -> UserState {
    if is_active {
        UserState::Active
    } else {
        UserState::Disabled
    }
}

async fn person(tx: &mut Tx, overview: Overview) -> Result<Person, catalog::Error> {
    Ok(Person {
        account: account::with_roles(tx, overview.user).await?,
        seen_at: overview.seen_at,
        assets: overview.assets,
    })
}

async fn look(tx: &mut Tx, tenant: TenantId, id: UserId) -> Result<Option<Person>, catalog::Error> {
    match overview::get(tx, tenant, id).await? {
        Some(overview) => person(tx, overview).await.map(Some),
        None => Ok(None),
    }
}
