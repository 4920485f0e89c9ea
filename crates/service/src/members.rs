//! Members: people to whom a collection was opened, and how far.

use catalog::changes;
use catalog::grants::{self, Granted, NewGrant};
use catalog::users::{self, UserState};
use catalog::{Tx, audit};
use domain::{Code, CollectionId, Level, NotificationId, Permission, TenantId, Timestamp, UserId};
use futures::FutureExt;
use identity::Caller;
use serde_json::json;

pub use catalog::grants::Grant as Member;

use crate::Vault;
use crate::collections::{Collection, locked, locked_own, reclaim};
use crate::error::{Error, Result};
use crate::notifications::{self, Notification};

/// Most people a collection is open to by its own grants.
const MAX_MEMBERS: u64 = 200;

/// Most people found at once.
const MAX_FOUND: u32 = 10;

/// Fewest letters to look for people by.
const MIN_LETTERS: usize = 3;

/// Somebody one can share with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub id: UserId,
    /// The name, else the e-mail address.
    pub name: String,
    /// The e-mail address.
    pub email: String,
}

/// Whom to open a collection to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// This account.
    User(UserId),
    /// Whose e-mail address this is.
    Email(String),
}

impl Vault {
    /// People of the caller's tenant whose address or name begins like this; at most ten.
    ///
    /// # Errors
    /// `Forbidden`, a field problem for fewer than three letters.
    pub async fn people(&self, caller: &Caller, text: &str) -> Result<Vec<Person>> {
        caller.require(Permission::AssetsShare)?;
        let text = text.trim().to_owned();
        if text.chars().count() < MIN_LETTERS || text.len() > 254 {
            let detail = format!("at least {MIN_LETTERS} letters of a name or an address");
            return Err(Error::field("q", detail));
        }
        let (tenant, user) = (caller.tenant, caller.user);
        let found = self
            .catalog()
            .read(move |tx| {
                async move { users::search(tx, tenant, user, &text, MAX_FOUND).await }.boxed()
            })
            .await?;
        let person = |user: users::User| Person {
            id: user.id,
            name: user.name.unwrap_or_else(|| user.email.clone()),
            email: user.email,
        };
        Ok(found.into_iter().map(person).collect())
    }

    /// To whom a collection is open, by its own grants and by those above it.
    ///
    /// # Errors
    /// `NotFound` when the caller may not see it.
    pub async fn members(&self, caller: &Caller, id: CollectionId) -> Result<Vec<Member>> {
        let collection = self.collection(caller, id).await?;
        if collection.query.is_some() {
            return Ok(Vec::new());
        }
        let tenant = caller.tenant;
        Ok(self
            .catalog()
            .read(move |tx| grants::of_collection(tx, tenant, id).boxed())
            .await?)
    }

    /// Opens a collection of the caller's to somebody, or changes how far it is open to them.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden` for somebody else's collection, a field problem for whom it cannot be
    /// opened to, `WrongState` for a saved search.
    pub async fn open_to(
        &self,
        caller: &Caller,
        id: CollectionId,
        who: Who,
        level: Level,
    ) -> Result<Member> {
        caller.require(Permission::AssetsShare)?;
        let (tenant, user, now) = (caller.tenant, caller.user, self.clock().now());
        let mut entry = self.entry(caller, "collection.share", Some(id.uuid()), json!({}));
        let message = self.ids().fresh();
        let member = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let collection = locked_own(tx, tenant, user, id).await?;
                    let guest = guest(tx, &collection, who).await?;
                    let grant = NewGrant {
                        tenant,
                        collection: id,
                        user: guest,
                        level,
                        by: user,
                        at: now,
                    };
                    let granted = grants::put(tx, &grant).await?;
                    if grants::count(tx, tenant, id).await? > MAX_MEMBERS {
                        let detail = format!("a collection has at most {MAX_MEMBERS} members");
                        return Err(Error::refused(Code::WrongState, detail));
                    }
                    if granted != Granted::Unchanged {
                        entry.detail = json!({ "user": guest, "level": level });
                        audit::append(tx, &entry).await?;
                        changes::of_access(tx, tenant, [guest, user], now).await?;
                        let about = (id, user);
                        changes::collection_updated(tx, tenant, about, now).await?;
                    }
                    if granted == Granted::New {
                        invite(tx, &collection, guest, level, message, now).await?;
                    }
                    found(tx, tenant, id, guest).await
                }
                .boxed()
            })
            .await?;
        self.access_changed();
        Ok(member)
    }

    /// Closes a collection to somebody: its owner to anybody, a member to themselves. What they had put
    /// into it leaves with them.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden` for somebody else's membership.
    pub async fn close_to(&self, caller: &Caller, id: CollectionId, guest: UserId) -> Result<()> {
        let leaves = caller.user == guest;
        // To leave takes no permission but that to have been there.
        caller.require(match leaves {
            true => Permission::AssetsRead,
            false => Permission::AssetsShare,
        })?;
        let (tenant, user, now) = (caller.tenant, caller.user, self.clock().now());
        let action = match leaves {
            true => "collection.leave",
            false => "collection.unshare",
        };
        let detail = json!({ "user": guest });
        let entry = self.entry(caller, action, Some(id.uuid()), detail);
        self.catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let collection = match leaves {
                        true => locked(tx, tenant, user, id).await?,
                        false => locked_own(tx, tenant, user, id).await?,
                    };
                    if !grants::remove(tx, tenant, id, guest).await? {
                        return Err(Error::refused(
                            Code::NotFound,
                            "there is no such member here; it may be one of the collection above",
                        ));
                    }
                    let owner = collection.owner;
                    reclaim(tx, tenant, owner, now).await?;
                    audit::append(tx, &entry).await?;
                    changes::of_access(tx, tenant, [guest, owner], now).await?;
                    changes::collection_updated(tx, tenant, (id, owner), now).await?;
                    Ok(())
                }
                .boxed()
            })
            .await?;
        self.access_changed();
        Ok(())
    }
}

/// The account a collection is to be opened to.
async fn guest(tx: &mut Tx, collection: &Collection, who: Who) -> Result<UserId> {
    if collection.query.is_some() {
        let detail = "a saved search looks through your eyes and cannot be shared";
        return Err(Error::refused(Code::WrongState, detail));
    }
    let tenant = collection.tenant;
    let (user, field) = match &who {
        Who::User(id) => (users::by_id(tx, tenant, *id).await?, "user_id"),
        Who::Email(email) => (users::by_email(tx, tenant, email).await?, "email"),
    };
    let user = user.filter(|user| user.state == UserState::Active);
    let user = user.ok_or_else(|| Error::field(field, "nobody here has that account"))?;
    if user.id == collection.owner {
        return Err(Error::field(field, "it is theirs already"));
    }
    Ok(user.id)
}

/// Tells somebody that a collection was opened to them.
async fn invite(
    tx: &mut Tx,
    collection: &Collection,
    guest: UserId,
    level: Level,
    message: NotificationId,
    now: Timestamp,
) -> Result<()> {
    let message = Notification {
        tenant: collection.tenant,
        id: message,
        user: guest,
        kind: "collection.shared".to_owned(),
        subject: Some(collection.id.uuid()),
        detail: json!({
            "collection": collection.name,
            "by": collection.owner_name,
            "level": level,
        }),
        created_at: now,
        read_at: None,
    };
    notifications::send(tx, &message).await
}

/// The grant on just this collection, as it is shown.
async fn found(tx: &mut Tx, tenant: TenantId, id: CollectionId, guest: UserId) -> Result<Member> {
    let members = grants::of_collection(tx, tenant, id).await?;
    let mut own = members.into_iter();
    own.find(|member| member.collection == id && member.user == guest)
        .ok_or_else(|| Error::internal("a grant just made is not there"))
}
