//! Every read of assets shows exactly what `Visibility` admits, and says the level it says; and whoever
//! may see something hears of what happens to it, and nobody else does: over random tenants that share
//! user ids, collections in collections, grants, links, the trash and the locked folder.

mod news;
mod reads;

use std::collections::{BTreeMap, BTreeSet};

use catalog::assets::{self, Patch};
use catalog::changes::ChangeKind;
use catalog::collections::{self, NewCollection, Put};
use catalog::grants::{self, NewGrant};
use catalog::shares::{self, Share};
use catalog::{Error, Tx, tenants};
use domain::{AssetId, CollectionId, Container, Level, ShareId, TenantId, UserId, Visibility};
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use uuid::Uuid;

use crate::world::{NOW, World, add_user};
use news::News;

on_both! {
    every_read_shows_what_visibility_admits
}

const TENANTS: u8 = 2;
const USERS: u8 = 3;
const ROUNDS: usize = 6;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

fn tenant(number: u8) -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(100 + u128::from(number)))
}

/// The same id in every tenant: a query that forgets the tenant shows somebody else's media.
fn user(number: u8) -> UserId {
    UserId::from_uuid(Uuid::from_u128(200 + u128::from(number)))
}

/// One random step; numbers are taken modulo what there is.
#[derive(Debug, Clone, Copy)]
enum Step {
    Upload(u8),
    Collect { nested: bool },
    Place { asset: u8, collection: u8 },
    TakeOut { placed: u8 },
    Open { collection: u8, to: u8, level: u8 },
    Close { collection: u8, to: u8 },
    Select { asset: u8 },
    Link { collection: u8 },
    Touch(u8),
    Trash(u8),
    Restore(u8),
    Lock { asset: u8, locked: bool },
}

fn step() -> impl Strategy<Value = (u8, u8, Step)> {
    let numbers = (0..16u8, any::<u8>(), any::<u8>(), any::<u8>());
    let what = numbers.prop_map(|(kind, a, b, c)| match kind {
        0..=2 => Step::Upload(a),
        3 | 4 => Step::Collect { nested: a % 2 == 0 },
        5..=7 => Step::Place {
            asset: a,
            collection: b,
        },
        8 | 9 => Step::Open {
            collection: a,
            to: b % USERS,
            level: c,
        },
        10 => Step::Close {
            collection: b,
            to: c % USERS,
        },
        11 => Step::TakeOut { placed: a },
        12 if a % 2 == 0 => Step::Select { asset: b },
        12 => Step::Link { collection: b },
        13 => Step::Touch(a),
        14 if b % 2 == 0 => Step::Trash(a),
        14 => Step::Restore(a),
        _ => Step::Lock {
            asset: a,
            locked: b % 2 == 0,
        },
    });
    (0..TENANTS, 0..USERS, what)
}

/// What the database should say, kept beside it.
#[derive(Default)]
struct Model {
    assets: Vec<(TenantId, UserId, AssetId)>,
    trashed: BTreeSet<AssetId>,
    locked: BTreeSet<AssetId>,
    collections: Vec<(TenantId, UserId, CollectionId, Option<CollectionId>)>,
    grants: BTreeMap<(CollectionId, UserId), Level>,
    placed: BTreeSet<(CollectionId, AssetId)>,
    links: Vec<(Share, Option<AssetId>)>,
}

async fn every_read_shows_what_visibility_admits(world: &World) {
    for number in 0..TENANTS {
        write!(world, tx => {
            tenants::insert(tx, tenant(number), "a tenant", NOW).await?;
            for of in 0..USERS {
                add_user(tx, tenant(number), user(of), &format!("{of}@example.org"), None).await?;
            }
            Ok(())
        });
    }
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let batches = proptest::collection::vec(step(), 20..40);
    let mut model = Model::default();
    let mut news = News::from_now_on(world).await;
    for _ in 0..ROUNDS {
        let batch = batches.new_tree(&mut runner).expect("a batch");
        for (of, by, step) in batch.current() {
            model
                .take(world, &mut news, tenant(of), user(by), step)
                .await;
        }
        model.compare(world).await;
        news.compare(world).await;
    }
    let shared = model.placed.len() + model.links.len();
    assert!(shared > 10 && model.grants.len() > 3, "too little happened");
    assert_eq!(news.kinds.len(), 6, "too little happened: {:?}", news.kinds);
    let linked = model
        .links
        .iter()
        .filter(|(share, _)| share.collection.is_some());
    assert!(linked.count() > 1, "too few links to collections");
}

impl Model {
    fn own_assets(&self, of: TenantId, by: UserId) -> Vec<AssetId> {
        let own = self
            .assets
            .iter()
            .filter(|(tenant, owner, _)| (*tenant, *owner) == (of, by));
        own.map(|(_, _, id)| *id).collect()
    }

    fn own_collections(&self, of: TenantId, by: UserId) -> Vec<CollectionId> {
        let own = self
            .collections
            .iter()
            .filter(|(tenant, owner, ..)| (*tenant, *owner) == (of, by));
        own.map(|(_, _, id, _)| *id).collect()
    }

    /// Takes a step as the verbs do, telling of it as they do.
    async fn take(&mut self, world: &World, news: &mut News, of: TenantId, by: UserId, step: Step) {
        match step {
            Step::Upload(content) => {
                let mut upload = world.upload(by, &format!("content {content}"));
                upload.tenant = of;
                upload.created_at = NOW.plus_millis(i64::from(content) * DAY_MILLIS);
                let id = upload.asset;
                if write!(world, tx => upload.commit(tx).await) == assets::Inserted::New {
                    self.assets.push((of, by, id));
                    news.of_asset(world, of, id, ChangeKind::Created).await;
                }
            }
            Step::Collect { nested } => self.collect(world, news, of, by, nested).await,
            Step::Place { asset, collection } => {
                self.place(world, news, of, by, asset, collection).await;
            }
            Step::TakeOut { placed } => self.take_out(world, news, placed).await,
            Step::Open {
                collection,
                to,
                level,
            } => {
                let to = user(to);
                let own = self.own_collections(of, by);
                let Some(id) = pick(&own, collection).filter(|_| to != by) else {
                    return;
                };
                let level = Level::ALL[usize::from(level) % Level::ALL.len()];
                self.open(world, news, of, id, by, to, level).await;
            }
            Step::Close { collection, to } => {
                if let Some(id) = pick(&self.own_collections(of, by), collection) {
                    self.close(world, news, of, id, by, user(to)).await;
                }
            }
            Step::Select { asset } => {
                let Some(asset) = pick(&self.own_assets(of, by), asset) else {
                    return;
                };
                let share = link(world.id(), of, by, None);
                let made = share.clone();
                write!(world, tx => {
                    shares::insert(tx, &made).await?;
                    shares::select(tx, &made, &[asset]).await
                });
                self.links.push((share, Some(asset)));
            }
            Step::Link { collection } => {
                let Some(id) = pick(&self.own_collections(of, by), collection) else {
                    return;
                };
                let share = link(world.id(), of, by, Some(id));
                let made = share.clone();
                write!(world, tx => shares::insert(tx, &made).await);
                self.links.push((share, None));
            }
            Step::Touch(asset) => {
                if let Some(id) = pick(&self.own_assets(of, by), asset) {
                    news.of_asset(world, of, id, ChangeKind::Updated).await;
                }
            }
            Step::Trash(asset) | Step::Restore(asset) | Step::Lock { asset, .. } => {
                if let Some(id) = pick(&self.own_assets(of, by), asset) {
                    self.withhold(world, news, of, by, id, step).await;
                }
            }
        }
    }

    async fn collect(
        &mut self,
        world: &World,
        news: &mut News,
        of: TenantId,
        by: UserId,
        nested: bool,
    ) {
        let own = self.own_collections(of, by);
        let parent = own.last().copied().filter(|_| nested);
        let id: CollectionId = world.id();
        write!(world, tx => {
            let new = NewCollection {
                tenant: of, id, owner: by, parent, name: "album", description: "", query: None, at: NOW,
            };
            collections::insert(tx, &new).await
        });
        self.collections.push((of, by, id, parent));
        news.of_collection(world, of, (id, by)).await;
    }

    #[allow(clippy::too_many_arguments, reason = "a step has as many parts")]
    async fn open(
        &mut self,
        world: &World,
        news: &mut News,
        of: TenantId,
        id: CollectionId,
        by: UserId,
        to: UserId,
        level: Level,
    ) {
        let before = news::all_eyes(world, of).await;
        let grant = NewGrant {
            tenant: of,
            collection: id,
            user: to,
            level,
            by,
            at: NOW,
        };
        write!(world, tx => grants::put(tx, &grant).await);
        self.grants.insert((id, to), level);
        news.of_access(world, of, [to, by], before).await;
    }

    async fn close(
        &mut self,
        world: &World,
        news: &mut News,
        of: TenantId,
        id: CollectionId,
        by: UserId,
        to: UserId,
    ) {
        let before = news::all_eyes(world, of).await;
        write!(world, tx => {
            grants::remove(tx, of, id, to).await?;
            collections::reclaim(tx, of, by, NOW).await
        });
        self.grants.remove(&(id, to));
        self.reclaim(of, by);
        news.of_access(world, of, [to, by], before).await;
    }

    /// Hides an own asset from others, who hear of it while they see it; or shows it to them, who hear
    /// of it when they do.
    async fn withhold(
        &mut self,
        world: &World,
        news: &mut News,
        of: TenantId,
        by: UserId,
        id: AssetId,
        step: Step,
    ) {
        let kind = match step {
            Step::Trash(_) => ChangeKind::Trashed,
            Step::Restore(_) => ChangeKind::Restored,
            _ => ChangeKind::Updated,
        };
        let hides = matches!(step, Step::Trash(_) | Step::Lock { locked: true, .. });
        if hides {
            news.of_asset(world, of, id, kind).await;
        }
        let eyes = Visibility::of_user(of, by);
        write!(world, tx => move_to(tx, &eyes, id, step).await);
        match step {
            Step::Trash(_) => self.trashed.insert(id),
            Step::Restore(_) => self.trashed.remove(&id),
            Step::Lock { locked: true, .. } => self.locked.insert(id),
            _ => self.locked.remove(&id),
        };
        if !hides {
            news.of_asset(world, of, id, kind).await;
        }
    }

    /// Puts an own asset into any collection of the tenant that is open that far.
    async fn place(
        &mut self,
        world: &World,
        news: &mut News,
        of: TenantId,
        by: UserId,
        asset: u8,
        collection: u8,
    ) {
        let there: Vec<_> = self
            .collections
            .iter()
            .filter(|(tenant, ..)| *tenant == of)
            .collect();
        let Some(asset) = pick(&self.own_assets(of, by), asset) else {
            return;
        };
        let Some((_, owner, id, _)) = pick(&there, collection) else {
            return;
        };
        let (owner, id) = (*owner, *id);
        if owner != by && self.effective(id, by) < Some(Level::Contribute) {
            return;
        }
        let put = write!(world, tx => {
            collections::put(tx, of, id, by, &BTreeSet::from([asset]), 1000, NOW).await
        });
        assert!(matches!(put, Put::Added(_)));
        self.placed.insert((id, asset));
        news.of_collection(world, of, (id, owner)).await;
    }

    /// Takes an asset out of a collection it lies in.
    async fn take_out(&mut self, world: &World, news: &mut News, placed: u8) {
        let placed_pairs: Vec<_> = self.placed.iter().copied().collect();
        let Some((id, asset)) = pick(&placed_pairs, placed) else {
            return;
        };
        let found = self.collections.iter().find(|(.., there, _)| *there == id);
        let (of, owner, ..) = *found.expect("what holds something is there");
        let taken = write!(world, tx => {
            collections::take(tx, of, id, None, &BTreeSet::from([asset])).await
        });
        assert_eq!(taken, 1);
        self.placed.remove(&(id, asset));
        news.of_collection(world, of, (id, owner)).await;
    }

    /// The collection and what it is nested in.
    fn above(&self, id: CollectionId) -> Vec<CollectionId> {
        let mut above = vec![id];
        while let Some((.., parent)) = self
            .collections
            .iter()
            .find(|(_, _, id, _)| above.last() == Some(id))
        {
            match parent {
                Some(parent) => above.push(*parent),
                None => break,
            }
        }
        above
    }

    fn effective(&self, id: CollectionId, user: UserId) -> Option<Level> {
        let above = self.above(id);
        above
            .iter()
            .filter_map(|id| self.grants.get(&(*id, user)).copied())
            .max()
    }

    fn owner_of(&self, asset: AssetId) -> UserId {
        let found = self.assets.iter().find(|(.., id)| *id == asset);
        found
            .map(|(_, owner, _)| *owner)
            .expect("every asset has an owner")
    }

    fn reclaim(&mut self, of: TenantId, by: UserId) {
        let own = self.own_collections(of, by);
        let lost: Vec<_> = self
            .placed
            .iter()
            .copied()
            .filter(|(id, asset)| {
                let lender = self.owner_of(*asset);
                own.contains(id) && lender != by && self.effective(*id, lender).is_none()
            })
            .collect();
        for pair in lost {
            self.placed.remove(&pair);
        }
    }

    /// What a user may see, by the rules in words: the own library; each collection by the highest grant
    /// on it or above it; own collections that are open to anybody.
    fn eyes(&self, of: TenantId, by: UserId) -> Visibility {
        let mut open = vec![(Container::Owner(by), Level::Edit)];
        for (tenant, owner, id, _) in &self.collections {
            if *tenant != of {
                continue;
            }
            if *owner == by {
                let above = self.above(*id);
                if self
                    .grants
                    .keys()
                    .any(|(granted, _)| above.contains(granted))
                {
                    open.push((Container::Collection(*id), Level::Download));
                }
            } else if let Some(level) = self.effective(*id, by) {
                open.push((Container::Collection(*id), level));
            }
        }
        Visibility::through(of, open)
    }

    /// What a visitor of a link sees: its selection, or its collection with what is nested in it.
    fn eyes_of_link(&self, share: &Share) -> Visibility {
        let Some(root) = share.collection else {
            let selection = [(Container::Share(share.id), Level::View)];
            return Visibility::through(share.tenant, selection);
        };
        let within = self.collections.iter().map(|(.., id, _)| *id);
        let within = within.filter(|id| self.above(*id).contains(&root));
        let open = within.map(|id| (Container::Collection(id), Level::View));
        Visibility::through(share.tenant, open)
    }

    fn withheld(&self, id: AssetId) -> bool {
        self.trashed.contains(&id) || self.locked.contains(&id)
    }

    fn containers(&self, owner: UserId, id: AssetId) -> Vec<Container> {
        let placed = self.placed.iter().filter(|(_, asset)| *asset == id);
        let links = self.links.iter().filter(|(_, asset)| *asset == Some(id));
        std::iter::once(Container::Owner(owner))
            .chain(placed.map(|(collection, _)| Container::Collection(*collection)))
            .chain(links.map(|(share, _)| Container::Share(share.id)))
            .collect()
    }
}

async fn move_to(tx: &mut Tx, eyes: &Visibility, id: AssetId, step: Step) -> Result<(), Error> {
    match step {
        Step::Trash(_) => assets::trash(tx, eyes, id, NOW).await.map(drop),
        Step::Restore(_) => assets::restore(tx, eyes, id, NOW).await.map(drop),
        Step::Lock { locked, .. } => {
            let patch = Patch {
                locked: Some(locked),
                ..Patch::default()
            };
            let [owner] = eyes.owners().collect::<Vec<_>>()[..] else {
                return Ok(());
            };
            assets::patch(tx, eyes, id, &patch, owner, None, NOW)
                .await
                .map(drop)
        }
        _ => Ok(()),
    }
}

fn pick<T: Copy>(things: &[T], number: u8) -> Option<T> {
    let place = usize::from(number).checked_rem(things.len())?;
    things.get(place).copied()
}

fn link(id: ShareId, tenant: TenantId, owner: UserId, collection: Option<CollectionId>) -> Share {
    Share {
        tenant,
        id,
        owner,
        collection,
        name: String::new(),
        password: None,
        level: Level::View,
        hide_metadata: false,
        max_views: None,
        views: 0,
        expires_at: None,
        revoked_at: None,
        created_at: NOW,
    }
}
