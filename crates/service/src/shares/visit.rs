//! Following a link: who has it sees what it opens, as far as it opens it, while its owner may show it.
//!
//! A visitor is let in once ([`Vault::open_share`], which counts and notes the visit) and carries a
//! pass from then on. Revoking the link, changing its password or its end bites with the next request.

use catalog::shares::{self, Visit, VisitAction};
use catalog::users::{self, UserState};
use catalog::{Tx, audit, roles};
use domain::{AssetId, Code, Level, Page, Permission, ShareId, Timestamp, Visibility};
use futures::FutureExt;
use identity::{Caller, Peer, Via};
use serde_json::json;

use super::over;
use crate::archive::MAX_ENTRIES;
use crate::error::{Error, Result};
use crate::library::Asset;
use crate::{Vault, page};

/// Longest life of a pass.
const PASS_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Assets in a page when the visitor names no number.
const DEFAULT_PAGE: u32 = 100;

/// Most assets in a page.
const MAX_PAGE: u32 = 200;

/// What a visitor is told before being let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The link's name, else its collection's.
    pub name: String,
    /// To view or to download.
    pub level: Level,
    /// Whether the visitor has to give a password.
    pub needs_password: bool,
    /// What its owner is called.
    pub owner: String,
    /// How many assets it shows.
    pub count: u64,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// What a visitor gets who was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// What is there.
    pub shown: Shown,
    /// For the cookie: its value; `None`: the visitor has one already.
    pub pass: Option<String>,
    /// Seconds the pass is good for.
    pub seconds: i64,
}

/// A visitor who was let in.
#[derive(Debug, Clone)]
pub struct Seen {
    /// As whom the verbs know the visitor.
    pub caller: Caller,
    /// Nothing of what is said about the pictures may be told.
    pub hide_metadata: bool,
}

/// A live link with what follows from it.
struct Live {
    share: shares::Share,
    owner: String,
    name: String,
    visibility: Visibility,
    count: u64,
}

/// What the cookie of a link's visitors is told apart by: the end of the link's id, which is random.
fn mark(share: ShareId) -> String {
    let id = share.uuid().as_simple().to_string();
    id[id.len() - 8..].to_owned()
}

impl Vault {
    /// What tells the cookie apart in which a browser keeps its pass for this address; `None` for an address
    /// that is none of ours.
    pub fn visitor_mark(&self, token: &str) -> Option<String> {
        self.signer().read_share_token(token).map(mark)
    }

    /// What a link is about.
    ///
    /// # Errors
    /// `NotFound` for an address that leads nowhere, `LinkExpired` for a link that is over.
    pub async fn describe_share(&self, token: &str, pass: Option<&str>) -> Result<Shown> {
        let live = self.followed(token).await?;
        let inside = self.has_pass(&live, pass);
        if !inside && live.share.is_used_up() {
            return Err(over());
        }
        Ok(live.shown(inside))
    }

    /// Lets a visitor in: counts the visit, notes it, and gives a pass. Who has one is not counted again.
    ///
    /// # Errors
    /// As [`Vault::describe_share`]; `BadCredentials` for a wrong password, `TooManyRequests`.
    pub async fn open_share(
        &self,
        token: &str,
        pass: Option<&str>,
        password: Option<String>,
        peer: &Peer,
    ) -> Result<Opened> {
        let live = self.followed(token).await?;
        if self.has_pass(&live, pass) {
            return Ok(live.opened(None, 0));
        }
        if live.share.is_used_up() {
            return Err(over());
        }
        self.require_password(&live.share, password, peer).await?;
        let now = self.clock().now();
        let (tenant, id) = (live.share.tenant, live.share.id);
        let visit = self.visit(&live.share, VisitAction::Opened, None, peer);
        let counted = self
            .catalog()
            .write(move |tx| {
                async move {
                    let counted = shares::count_view(tx, tenant, id, now).await?;
                    if counted {
                        shares::log(tx, &visit).await?;
                    }
                    Ok(counted)
                }
                .boxed()
            })
            .await?;
        if !counted {
            return Err(over());
        }
        let end = now.plus_millis(PASS_MILLIS);
        let until = live.share.expires_at.map_or(end, |over| over.min(end));
        let pass = self
            .signer()
            .pass(id, live.share.password.as_deref(), until);
        Ok(live.opened(Some(pass), (until.millis() - now.millis()) / 1000))
    }

    /// The visitor who holds this pass.
    ///
    /// # Errors
    /// As [`Vault::describe_share`]; `Unauthenticated` for whoever was not let in.
    pub async fn visitor(&self, token: &str, pass: Option<&str>, peer: &Peer) -> Result<Seen> {
        let live = self.followed(token).await?;
        if !self.has_pass(&live, pass) {
            return Err(Error::refused(Code::Unauthenticated, "open the link first"));
        }
        Ok(Seen {
            hide_metadata: live.share.hide_metadata,
            caller: Caller {
                tenant: live.share.tenant,
                user: live.share.owner,
                permissions: [Permission::AssetsRead].into_iter().collect(),
                visibility: live.visibility,
                via: Via::Share(live.share.id),
                trace: peer.trace(),
            },
        })
    }

    /// A page of what a visitor is shown, latest first.
    ///
    /// # Errors
    /// A field problem for `cursor` or `limit`.
    pub async fn visited_assets(
        &self,
        seen: &Seen,
        cursor: Option<&str>,
        limit: Option<u32>,
    ) -> Result<Page<Asset>> {
        let limit = page::size(limit, DEFAULT_PAGE, MAX_PAGE)?;
        let after = crate::library::place(cursor, crate::library::Sort::Captured)?;
        let visibility = seen.caller.visibility();
        let page = self
            .catalog()
            .read(move |tx| {
                async move { catalog::assets::list_open(tx, &visibility, after, limit).await }
                    .boxed()
            })
            .await?;
        Ok(page.written())
    }

    /// One asset that a visitor is shown.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn visited_asset(&self, seen: &Seen, id: AssetId) -> Result<Asset> {
        self.asset(&seen.caller, id).await
    }

    /// The ids of everything a visitor may take away at once.
    ///
    /// # Errors
    /// `Forbidden` when the link opens nothing to download, a field problem when it is too much.
    pub async fn visited_originals(&self, seen: &Seen) -> Result<Vec<AssetId>> {
        let open = seen.caller.visibility.containers();
        if open.iter().any(|(_, level)| *level < Level::Download) {
            return Err(Error::refused(
                Code::Forbidden,
                "this link shows pictures, it gives no originals away",
            ));
        }
        let visibility = seen.caller.visibility();
        let most = u32::try_from(MAX_ENTRIES).unwrap_or(u32::MAX);
        let ids = self
            .catalog()
            .read(move |tx| {
                async move { shares::visible_ids(tx, &visibility, most + 1).await }.boxed()
            })
            .await?;
        if ids.len() > MAX_ENTRIES {
            let detail = format!("these are more than {MAX_ENTRIES}; take them one by one");
            return Err(Error::refused(Code::TooLarge, detail));
        }
        Ok(ids)
    }

    /// Notes that a visitor took an original, or with `None` all of them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_download(
        &self,
        seen: &Seen,
        asset: Option<AssetId>,
        peer: &Peer,
    ) -> Result<()> {
        let Via::Share(share) = seen.caller.via else {
            return Ok(());
        };
        let visit = Visit {
            tenant: seen.caller.tenant,
            share,
            id: self.ids().fresh(),
            at: self.clock().now(),
            action: VisitAction::Downloaded,
            asset,
            address: Some(peer.address.to_string()),
            agent: peer.agent.clone(),
        };
        self.catalog()
            .write(move |tx| async move { shares::log(tx, &visit).await }.boxed())
            .await?;
        Ok(())
    }

    /// The link at this address, if it may be followed.
    async fn followed(&self, token: &str) -> Result<Live> {
        let id = self.signer().read_share_token(token);
        let id = id.ok_or_else(Error::not_found)?;
        let now = self.clock().now();
        self.catalog()
            .read_as::<_, Error, _>(move |tx| {
                async move {
                    let share = shares::by_id(tx, id).await?;
                    let share = share.filter(|share| share.revoked_at.is_none());
                    let share = share.ok_or_else(Error::not_found)?;
                    if share.is_over(now) {
                        return Err(over());
                    }
                    resolve(tx, share).await
                }
                .boxed()
            })
            .await
    }

    fn has_pass(&self, live: &Live, pass: Option<&str>) -> bool {
        let password = live.share.password.as_deref();
        let (id, now) = (live.share.id, self.clock().now());
        pass.is_some_and(|pass| self.signer().admits(pass, id, password, now))
    }

    /// Refuses a wrong password and notes it.
    async fn require_password(
        &self,
        share: &shares::Share,
        password: Option<String>,
        peer: &Peer,
    ) -> Result<()> {
        let Some(stored) = share.password.clone() else {
            return Ok(());
        };
        let wrong = || Error::refused(Code::BadCredentials, "this is not the password");
        // Asking without one is no guess.
        let password = password.filter(|password| !password.is_empty());
        let password = password.ok_or_else(wrong)?;
        if self
            .identity()
            .unlock(share.id, stored, password, peer)
            .await?
        {
            return Ok(());
        }
        let visit = self.visit(share, VisitAction::Refused, None, peer);
        let entry = audit::Entry {
            tenant: share.tenant,
            id: self.ids().fresh(),
            at: visit.at,
            actor: None,
            action: "share.refused".to_owned(),
            subject: Some(share.id.uuid()),
            detail: json!({}),
            address: Some(peer.address.to_string()),
            request: peer.request,
        };
        self.catalog()
            .write(move |tx| {
                async move {
                    shares::log(tx, &visit).await?;
                    audit::append(tx, &entry).await
                }
                .boxed()
            })
            .await?;
        Err(wrong())
    }

    fn visit(
        &self,
        share: &shares::Share,
        action: VisitAction,
        asset: Option<AssetId>,
        peer: &Peer,
    ) -> Visit {
        Visit {
            tenant: share.tenant,
            share: share.id,
            id: self.ids().fresh(),
            at: self.clock().now(),
            action,
            asset,
            address: Some(peer.address.to_string()),
            agent: peer.agent.clone(),
        }
    }
}

/// A link with its owner, who must still be one who may share, and with what it opens.
async fn resolve(tx: &mut Tx, share: shares::Share) -> Result<Live> {
    let owner = users::by_id(tx, share.tenant, share.owner).await?;
    let owner = owner.filter(|owner| owner.state == UserState::Active);
    let owner = owner.ok_or_else(Error::not_found)?;
    let (_, held) = roles::permissions_of(tx, share.tenant, share.owner).await?;
    if !held.has(Permission::AssetsShare) || !held.has(Permission::AssetsRead) {
        return Err(Error::not_found());
    }
    let visibility = shares::visibility(tx, &share).await?;
    let count = shares::count_visible(tx, &visibility).await?;
    let mut name = share.name.clone();
    if let (true, Some(collection)) = (name.is_empty(), share.collection) {
        let eyes = Visibility::of_user(share.tenant, share.owner);
        let found = catalog::collections::get(tx, &eyes, collection).await?;
        name = found.map_or(name, |found| found.name);
    }
    Ok(Live {
        owner: owner.name.unwrap_or_default(),
        name,
        visibility,
        count,
        share,
    })
}

impl Live {
    fn shown(&self, inside: bool) -> Shown {
        Shown {
            name: self.name.clone(),
            level: self.share.opens_to(),
            needs_password: self.share.password.is_some() && !inside,
            owner: self.owner.clone(),
            count: self.count,
            expires_at: self.share.expires_at,
        }
    }

    fn opened(&self, pass: Option<String>, seconds: i64) -> Opened {
        Opened {
            shown: self.shown(true),
            pass,
            seconds,
        }
    }
}
