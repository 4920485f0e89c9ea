//! Messages to one user, shown in the page.

use catalog::changes::{self, ChangeKind, NewChange};
use catalog::{Tx, notifications, users};
use domain::{NotificationId, Page, TenantId, UserId};
use futures::FutureExt;
use identity::Caller;

pub use catalog::notifications::Notification;

use crate::error::{Error, Result};
use crate::{Vault, page};

/// Messages in a page when the client names no number.
const DEFAULT_PAGE: u32 = 50;

/// Most messages in a page.
const MAX_PAGE: u32 = 200;

/// Most messages named at once.
const MAX_NAMED: usize = 500;

/// A user's messages.
#[derive(Debug)]
pub struct Inbox {
    /// Some of them, newest first.
    pub page: Page<Notification>,
    /// How many were not read, on this page or not.
    pub unread: u64,
}

impl Vault {
    /// The caller's messages, newest first.
    ///
    /// # Errors
    /// A field problem for `limit` or `cursor`.
    pub async fn notifications(
        &self,
        caller: &Caller,
        unread: bool,
        cursor: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Inbox> {
        let limit = page::size(limit, DEFAULT_PAGE, MAX_PAGE)?;
        let before = page::after(cursor)?;
        let (tenant, user) = (caller.tenant, caller.user);
        let (page, unread) = self
            .catalog()
            .read(move |tx| {
                async move {
                    let page = notifications::list(tx, tenant, user, unread, before, limit).await?;
                    Ok((page, notifications::unread(tx, tenant, user).await?))
                }
                .boxed()
            })
            .await?;
        Ok(Inbox {
            page: page.written(),
            unread,
        })
    }

    /// Marks messages of the caller as read; `None`: all.
    ///
    /// # Errors
    /// A field problem for too many.
    pub async fn read_notifications(
        &self,
        caller: &Caller,
        which: Option<Vec<NotificationId>>,
    ) -> Result<()> {
        if which.as_ref().is_some_and(|ids| ids.len() > MAX_NAMED) {
            return Err(Error::field("ids", format!("at most {MAX_NAMED}")));
        }
        let (tenant, user, now) = (caller.tenant, caller.user, self.clock().now());
        self.catalog()
            .write(move |tx| {
                async move {
                    notifications::mark_read(tx, tenant, user, which.as_deref(), now).await
                }
                .boxed()
            })
            .await?;
        Ok(())
    }
}

/// Adds a message and the event that tells its reader.
pub(crate) async fn send(tx: &mut Tx, message: &Notification) -> Result<()> {
    notifications::insert(tx, message).await?;
    let change = NewChange {
        tenant: message.tenant,
        kind: ChangeKind::Notified,
        subject: message.id.uuid(),
        owner: message.user,
        collections: Vec::new(),
        status: None,
        at: message.created_at,
    };
    changes::append(tx, &change).await?;
    Ok(())
}

/// What a user is called at this moment: the name, else the e-mail address.
pub(crate) async fn name_of(tx: &mut Tx, tenant: TenantId, user: UserId) -> Result<String> {
    let user = users::by_id(tx, tenant, user).await?;
    Ok(user.map_or_else(String::new, |user| user.name.unwrap_or(user.email)))
}
