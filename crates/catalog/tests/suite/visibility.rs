//! Every read of assets shows exactly what `Visibility` admits, and says the level it says: over random
//! tenants that share user ids, collections in collections, grants, links, the trash and the locked
//! folder.

use std::collections::{BTreeMap, BTreeSet};

use catalog::assets::{self, Patch, Sort};
use catalog::collections::{self, NewCollection, Put};
use catalog::grants::{self, NewGrant};
use catalog::shares::{self, Share};
use catalog::{renditions, tenants, visibility};
use domain::{
    AssetId, CollectionId, Container, Filter, Level, ShareId, Standing, TenantId, UserId,
    Visibility,
};
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use uuid::Uuid;

use crate::world::{NOW, World, add_user};

on_both! {
    every_read_shows_what_visibility_admits
}

const TENANTS: u8 = 2;
const USERS: u8 = 3;
const ROUNDS: usize = 6;

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
    Open { collection: u8, to: u8, level: u8 },
    Close { collection: u8, to: u8 },
    Select { asset: u8 },
    Trash(u8),
    Lock(u8),
}

fn step() -> impl Strategy<Value = (u8, u8, Step)> {
    let what =
        (0..10u8, any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(kind, a, b, c)| match kind {
            0 | 1 => Step::Upload(a),
            2 => Step::Collect { nested: a % 2 == 0 },
            3 | 4 => Step::Place {
                asset: a,
                collection: b,
            },
            5 | 6 => Step::Open {
                collection: a,
                to: b % USERS,
                level: c,
            },
            7 => match a % 3 {
                0 => Step::Close {
                    collection: b,
                    to: c % USERS,
                },
                _ => Step::Select { asset: b },
            },
            8 => Step::Trash(a),
            _ => Step::Lock(a),
        });
    (0..TENANTS, 0..USERS, what)
}

/// What the database should say, kept beside it.
#[derive(Default)]
struct Model {
    assets: Vec<(TenantId, UserId, AssetId)>,
    withheld: BTreeSet<AssetId>,
    collections: Vec<(TenantId, UserId, CollectionId, Option<CollectionId>)>,
    grants: BTreeMap<(CollectionId, UserId), Level>,
    placed: BTreeSet<(CollectionId, AssetId)>,
    links: Vec<(Share, AssetId)>,
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
    for _ in 0..ROUNDS {
        let batch = batches.new_tree(&mut runner).expect("a batch");
        for (of, by, step) in batch.current() {
            model.take(world, tenant(of), user(by), step).await;
        }
        model.compare(world).await;
    }
    let shared = model.placed.len() + model.links.len();
    assert!(shared > 10 && model.grants.len() > 3, "too little happened");
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

    async fn take(&mut self, world: &World, of: TenantId, by: UserId, step: Step) {
        match step {
            Step::Upload(content) => {
                let mut upload = world.upload(by, &format!("content {content}"));
                upload.tenant = of;
                let id = upload.asset;
                if write!(world, tx => upload.commit(tx).await) == assets::Inserted::New {
                    self.assets.push((of, by, id));
                }
            }
            Step::Collect { nested } => {
                let parent = self
                    .own_collections(of, by)
                    .last()
                    .copied()
                    .filter(|_| nested);
                let id: CollectionId = world.id();
                write!(world, tx => {
                    let new = NewCollection {
                        tenant: of, id, owner: by, parent, name: "album", description: "", query: None, at: NOW,
                    };
                    collections::insert(tx, &new).await
                });
                self.collections.push((of, by, id, parent));
            }
            Step::Place { asset, collection } => self.place(world, of, by, asset, collection).await,
            Step::Open {
                collection,
                to,
                level,
            } => {
                let (own, to) = (self.own_collections(of, by), user(to));
                let Some(id) = pick(&own, collection).filter(|_| to != by) else {
                    return;
                };
                let level = Level::ALL[usize::from(level) % Level::ALL.len()];
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
            }
            Step::Close { collection, to } => {
                let Some(id) = pick(&self.own_collections(of, by), collection) else {
                    return;
                };
                write!(world, tx => {
                    grants::remove(tx, of, id, user(to)).await?;
                    collections::reclaim(tx, of, by, NOW).await
                });
                self.grants.remove(&(id, user(to)));
                self.reclaim(of, by);
            }
            Step::Select { asset } => {
                let Some(asset) = pick(&self.own_assets(of, by), asset) else {
                    return;
                };
                let share = link(world.id(), of, by);
                let made = share.clone();
                write!(world, tx => {
                    shares::insert(tx, &made).await?;
                    shares::select(tx, &made, &[asset]).await
                });
                self.links.push((share, asset));
            }
            Step::Trash(asset) | Step::Lock(asset) => {
                let Some(id) = pick(&self.own_assets(of, by), asset) else {
                    return;
                };
                let eyes = Visibility::of_user(of, by);
                let locks = matches!(step, Step::Lock(_));
                write!(world, tx => {
                    if locks {
                        let patch = Patch { locked: Some(true), ..Patch::default() };
                        assets::patch(tx, &eyes, id, &patch, by, None, NOW).await?;
                    } else {
                        assets::trash(tx, &eyes, id, NOW).await?;
                    }
                    Ok(())
                });
                self.withheld.insert(id);
            }
        }
    }

    /// Puts an own asset into any collection of the tenant that is open that far.
    async fn place(&mut self, world: &World, of: TenantId, by: UserId, asset: u8, collection: u8) {
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

    fn containers(&self, owner: UserId, id: AssetId) -> Vec<Container> {
        let placed = self.placed.iter().filter(|(_, asset)| *asset == id);
        let links = self.links.iter().filter(|(_, asset)| *asset == id);
        std::iter::once(Container::Owner(owner))
            .chain(placed.map(|(collection, _)| Container::Collection(*collection)))
            .chain(links.map(|(share, _)| Container::Share(share.id)))
            .collect()
    }

    /// The level of everything that `eyes` admit.
    fn levels(&self, eyes: &Visibility) -> BTreeMap<AssetId, Level> {
        let level = |(of, owner, id): &(TenantId, UserId, AssetId)| {
            let containers = self.containers(*owner, *id);
            let withheld = self.withheld.contains(id);
            let standing = Standing {
                tenant: *of,
                containers: &containers,
                withheld,
            };
            eyes.level(standing).map(|level| (*id, level))
        };
        self.assets.iter().filter_map(level).collect()
    }

    async fn compare(&self, world: &World) {
        for of in 0..TENANTS {
            for by in 0..USERS {
                let (of, by) = (tenant(of), user(by));
                let eyes = self.eyes(of, by);
                let read = read!(world, tx => visibility::of_user(tx, of, by).await);
                assert_eq!(read, eyes, "what the grants open");
                self.compare_with(world, &eyes).await;
            }
        }
        for (share, _) in &self.links {
            let asked = share.clone();
            let eyes = read!(world, tx => shares::visibility(tx, &asked).await);
            let opens =
                Visibility::through(share.tenant, [(Container::Share(share.id), Level::View)]);
            assert_eq!(eyes, opens);
            self.compare_with(world, &eyes).await;
        }
    }

    async fn compare_with(&self, world: &World, eyes: &Visibility) {
        let expected = self.levels(eyes);
        let all: Vec<AssetId> = self.assets.iter().map(|(.., id)| *id).collect();
        let (seen, asked) = (eyes.clone(), all.clone());
        let (got, open, count, tiles) = read!(world, tx => {
            let got = assets::get_many(tx, &seen, &asked).await?;
            let open = shares::visible_ids(tx, &seen, 1000).await?;
            let count = shares::count_visible(tx, &seen).await?;
            let filter = Filter::default();
            let listed = assets::list(tx, &seen, &filter, Sort::Created, None, 1000).await?;
            Ok((got, open, count, listed.items))
        });
        let got: BTreeMap<_, _> = got
            .into_iter()
            .map(|asset| (asset.id, asset.level))
            .collect();
        assert_eq!(got, expected, "asked one by one");
        let ids: BTreeSet<AssetId> = expected.keys().copied().collect();
        assert_eq!(
            open.into_iter().collect::<BTreeSet<_>>(),
            ids,
            "everything open"
        );
        assert_eq!(count, ids.len() as u64, "counted");
        let own: BTreeSet<AssetId> = self
            .levels(&eyes.own())
            .into_keys()
            .filter(|id| !self.withheld.contains(id))
            .collect();
        let tiles: BTreeSet<AssetId> = tiles.into_iter().map(|asset| asset.id).collect();
        assert_eq!(tiles, own, "the own library");
        for id in all {
            let of = eyes.tenant();
            let shown = read!(world, tx => renditions::shown(tx, of, id).await);
            let level = shown.and_then(|shown| {
                eyes.level(Standing {
                    tenant: shown.tenant,
                    containers: &shown.containers,
                    withheld: shown.withheld,
                })
            });
            assert_eq!(level, expected.get(&id).copied(), "its pictures");
        }
        self.compare_collections(world, eyes).await;
    }

    /// Each collection counts what its reader would find in it.
    async fn compare_collections(&self, world: &World, eyes: &Visibility) {
        let (seen, narrowing) = (eyes.clone(), collections::Narrowing::default());
        let listed = read!(world, tx => collections::list(tx, &seen, &narrowing, None, 1000).await);
        let levels = self.levels(eyes);
        for row in listed {
            let inside = self.placed.iter().filter(|(id, asset)| {
                *id == row.id && levels.contains_key(asset) && !self.withheld.contains(asset)
            });
            assert_eq!(
                row.summary.count,
                inside.count() as u64,
                "counted in a collection"
            );
            assert_eq!(
                row.shared,
                eyes.level_in(Container::Collection(row.id)).is_some()
            );
        }
    }
}

fn pick<T: Copy>(things: &[T], number: u8) -> Option<T> {
    let place = usize::from(number).checked_rem(things.len())?;
    things.get(place).copied()
}

fn link(id: ShareId, tenant: TenantId, owner: UserId) -> Share {
    Share {
        tenant,
        id,
        owner,
        collection: None,
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
