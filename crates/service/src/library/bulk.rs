//! The same done to many assets: one transaction for each few of them, a verdict for each that could
//! not be helped, and, for edits, one name for all by which they are taken back.

use std::sync::Arc;

use catalog::assets::{self, Editor, Patch, Patched, Undone};
use catalog::changes::ChangeKind;
use catalog::{Tx, audit};
use domain::{AssetId, BatchId, Code, Filter, Permission, Visibility};
use futures::FutureExt;
use identity::Caller;

use super::change::{Edit, change, delete, move_to};
use super::revisions::{in_the_way, take_back};
use crate::Vault;
use crate::error::{Error, Result};
use crate::ingest::check_tags;

/// Most assets named one by one.
const MAX_NAMED: usize = 1000;

/// Most assets that a query may match, or that were changed as one.
const MAX_MATCHING: u32 = 10_000;

/// Assets of one transaction. Others write in between.
const CHUNK: usize = 200;

/// Most seconds that times are moved by: a hundred years.
const MAX_SHIFT: i64 = 100 * 366 * 86_400;

/// Which of the caller's own assets.
#[derive(Debug, Clone)]
pub enum Which {
    /// These.
    Named(Vec<AssetId>),
    /// All that a query finds.
    Matching(Filter),
}

/// What is done with each.
#[derive(Debug, Clone)]
pub enum Deed {
    /// An edit, with tags to add and to take away.
    Edit {
        /// What is said of each.
        edit: Box<Edit>,
        /// Tags to bear beside those it has.
        add_tags: Vec<String>,
        /// Tags to bear no longer.
        remove_tags: Vec<String>,
    },
    /// Its capture time is moved by so many seconds: a clock was wrong.
    ShiftCaptured(i64),
    /// To the trash.
    Trash,
    /// Out of the trash.
    Restore,
    /// From the trash, for good.
    Delete,
}

/// What became of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Names the edits, to take them back together.
    pub batch: Option<BatchId>,
    /// Assets that are as wanted now.
    pub done: u64,
    /// Those that are not.
    pub failed: Vec<Failed>,
}

/// An asset that could not be helped.
#[derive(Debug)]
pub struct Failed {
    /// Which.
    pub id: AssetId,
    /// Public, stable.
    pub code: Code,
    /// For a person.
    pub detail: String,
}

/// What is done to each asset of a request, ready to be done.
#[derive(Debug, Clone)]
enum Act {
    Patch(Arc<Patch>),
    Move(ChangeKind),
    Delete,
    /// Takes back an edit of each.
    Undo {
        force: bool,
    },
}

impl Act {
    fn of(deed: Deed) -> Result<Self> {
        let patch = match deed {
            Deed::Trash => return Ok(Self::Move(ChangeKind::Trashed)),
            Deed::Restore => return Ok(Self::Move(ChangeKind::Restored)),
            Deed::Delete => return Ok(Self::Delete),
            Deed::ShiftCaptured(seconds) if seconds.abs() > MAX_SHIFT => {
                return Err(Error::field("seconds", "at most a hundred years"));
            }
            Deed::ShiftCaptured(seconds) => Patch {
                shift_captured: Some(seconds),
                ..Patch::default()
            },
            Deed::Edit {
                edit,
                add_tags,
                remove_tags,
            } => {
                check_tags(&add_tags)?;
                check_tags(&remove_tags)?;
                Patch {
                    add_tags,
                    remove_tags,
                    ..edit.into_patch()?
                }
            }
        };
        Ok(Self::Patch(Arc::new(patch)))
    }

    const fn action(&self) -> &'static str {
        match self {
            Self::Patch(_) => "asset.edit",
            Self::Move(kind) => kind.as_str(),
            Self::Delete => "asset.delete",
            Self::Undo { .. } => "asset.undo",
        }
    }

    const fn needs(&self) -> Permission {
        match self {
            Self::Patch(_) | Self::Undo { .. } => Permission::AssetsWrite,
            Self::Move(_) | Self::Delete => Permission::AssetsDelete,
        }
    }

    /// Edits have revisions, which are found again by their batch.
    const fn edits(&self) -> bool {
        matches!(self, Self::Patch(_) | Self::Undo { .. })
    }
}

/// An asset with, where an edit is taken back, the edit's number.
type Target = (AssetId, u64);

/// What one transaction did.
#[derive(Default)]
struct Done {
    ids: Vec<AssetId>,
    failed: Vec<Failed>,
    objects: Vec<String>,
}

impl Vault {
    /// Does the same to many of the caller's own assets.
    ///
    /// # Errors
    /// `Forbidden`, `TooLarge` when there are too many, or a field problem. What is wrong with one asset
    /// is told of that one.
    pub async fn bulk(&self, caller: &Caller, which: Which, deed: Deed) -> Result<Outcome> {
        let act = Act::of(deed)?;
        caller.require(act.needs())?;
        let mut ids = match which {
            Which::Named(ids) if ids.len() > MAX_NAMED => {
                return Err(Error::field("ids", format!("at most {MAX_NAMED}")));
            }
            Which::Named(ids) => ids,
            Which::Matching(filter) => self.matching(caller, filter).await?,
        };
        // Rows are locked in the order of their ids, so that two requests cannot wait for each other.
        ids.sort_unstable();
        ids.dedup();
        let targets: Vec<Target> = ids.into_iter().map(|id| (id, 0)).collect();
        self.act(caller, act, &targets).await
    }

    /// Takes back what was done by one request, as far as nothing of it was changed again since, unless
    /// `force` is with it.
    ///
    /// # Errors
    /// `NotFound` when there is no such batch of edits of the caller's assets.
    pub async fn undo_bulk(&self, caller: &Caller, batch: BatchId, force: bool) -> Result<Outcome> {
        let act = Act::Undo { force };
        caller.require(act.needs())?;
        let (tenant, owner) = (caller.tenant, caller.user);
        let targets = self
            .catalog()
            .read(move |tx| {
                async move { assets::of_batch(tx, tenant, owner, batch, MAX_MATCHING).await }
                    .boxed()
            })
            .await?;
        if targets.is_empty() {
            return Err(Error::not_found());
        }
        self.act(caller, act, &targets).await
    }

    /// The ids of the caller's own assets that a query finds.
    async fn matching(&self, caller: &Caller, filter: Filter) -> Result<Vec<AssetId>> {
        if filter.shared {
            return Err(Error::field("q", "only your own can be changed together"));
        }
        let visibility = caller.visibility().own();
        let ids = self
            .catalog()
            .read(move |tx| {
                async move { assets::ids(tx, &visibility, &filter, MAX_MATCHING + 1).await }.boxed()
            })
            .await?;
        if ids.len() > MAX_MATCHING as usize {
            let detail = format!("it finds more than {MAX_MATCHING}; narrow it");
            return Err(Error::Refused {
                code: Code::TooLarge,
                detail: detail.into(),
                field: Some("q"),
            });
        }
        Ok(ids)
    }

    async fn act(&self, caller: &Caller, act: Act, targets: &[Target]) -> Result<Outcome> {
        let batch = act.edits().then(|| self.ids().fresh());
        let mut outcome = Outcome {
            batch,
            ..Outcome::default()
        };
        for chunk in targets.chunks(CHUNK) {
            match self.act_on(caller, &act, batch, chunk.to_vec()).await {
                Ok(done) => {
                    outcome.done += done.ids.len() as u64;
                    outcome.failed.extend(done.failed);
                    self.delete_objects(&done.objects).await;
                }
                // What was done stays done; the client is told what was not.
                Err(error) if outcome.done > 0 => {
                    tracing::error!(%error, "a part of a bulk request failed");
                    let code = error.code();
                    outcome.failed.extend(chunk.iter().map(|(id, _)| Failed {
                        id: *id,
                        code,
                        detail: code.title().to_owned(),
                    }));
                }
                Err(error) => return Err(error),
            }
        }
        if outcome.done == 0 {
            outcome.batch = None;
        }
        Ok(outcome)
    }

    /// One transaction.
    async fn act_on(
        &self,
        caller: &Caller,
        act: &Act,
        batch: Option<BatchId>,
        targets: Vec<Target>,
    ) -> Result<Done> {
        let (act, own) = (act.clone(), caller.visibility().own());
        let editor = Editor {
            batch,
            ..self.editor(caller)
        };
        let mut entry = self.entry(caller, act.action(), None, serde_json::json!({}));
        let done = self
            .catalog()
            .write_as::<_, Error, _>(move |tx| {
                async move {
                    let mut done = Done::default();
                    for target in targets {
                        match once(tx, &own, &act, target, editor).await {
                            Ok(objects) => {
                                done.ids.push(target.0);
                                done.objects.extend(objects);
                            }
                            Err(Error::Refused { code, detail, .. }) => done.failed.push(Failed {
                                id: target.0,
                                code,
                                detail: detail.into_owned(),
                            }),
                            Err(error) => return Err(error),
                        }
                    }
                    if !done.ids.is_empty() {
                        entry.detail = serde_json::json!({"batch": batch, "assets": done.ids});
                        audit::append(tx, &entry).await?;
                    }
                    Ok(done)
                }
                .boxed()
            })
            .await?;
        self.committed_in((caller.tenant, caller.user));
        Ok(done)
    }
}

/// Does it to one asset; gives the objects to delete after the commit. A refusal leaves it as it was.
async fn once(
    tx: &mut Tx,
    own: &Visibility,
    act: &Act,
    (id, number): Target,
    editor: Editor,
) -> Result<Vec<String>> {
    match act {
        Act::Patch(patch) => match change(tx, own, id, patch, editor, None).await? {
            Patched::Done(_) | Patched::Unchanged | Patched::Stale => {}
            Patched::Missing => return Err(Error::not_found()),
            Patched::Impossible(why) => return Err(Error::refused(Code::WrongState, why)),
        },
        Act::Undo { force } => match take_back(tx, own, id, number, editor, *force).await? {
            Undone::Done(_) | Undone::Unchanged => {}
            Undone::Missing => return Err(Error::not_found()),
            Undone::Later(fields) => return Err(in_the_way(&fields)),
        },
        Act::Move(kind) => {
            let moved = move_to(tx, own, id, *kind, editor.at).await?;
            moved.ok_or_else(Error::not_found)?;
        }
        Act::Delete => {
            let asset = assets::get(tx, own, id)
                .await?
                .ok_or_else(Error::not_found)?;
            if asset.trashed_at.is_none() {
                let detail = "it does not lie in the trash";
                return Err(Error::refused(Code::WrongState, detail));
            }
            let objects = delete(tx, own, id, editor.at).await?;
            return objects.ok_or_else(Error::not_found);
        }
    }
    Ok(Vec::new())
}
