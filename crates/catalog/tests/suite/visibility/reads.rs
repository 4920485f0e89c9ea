//! What SQL shows, held against what the model says is visible.

use std::collections::{BTreeMap, BTreeSet};

use catalog::assets::{self, Sort, Span};
use catalog::{collections, renditions, shares, visibility};
use domain::{
    Album, AssetId, Container, Day, Filter, Level, Standing, TenantId, UserId, Visibility,
};

use super::{Model, TENANTS, USERS, tenant, user};
use crate::world::World;

impl Model {
    /// The level of everything that `eyes` admit.
    pub(super) fn levels(&self, eyes: &Visibility) -> BTreeMap<AssetId, Level> {
        let level = |(of, owner, id): &(TenantId, UserId, AssetId)| {
            let containers = self.containers(*owner, *id);
            let withheld = self.withheld(*id);
            let standing = Standing {
                tenant: *of,
                containers: &containers,
                withheld,
            };
            eyes.level(standing).map(|level| (*id, level))
        };
        self.assets.iter().filter_map(level).collect()
    }

    pub(super) async fn compare(&self, world: &World) {
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
            assert_eq!(eyes, self.eyes_of_link(share), "what a link opens");
            self.compare_with(world, &eyes).await;
        }
    }

    async fn compare_with(&self, world: &World, eyes: &Visibility) {
        let expected = self.levels(eyes);
        let all: Vec<AssetId> = self.assets.iter().map(|(.., id)| *id).collect();
        let (seen, asked) = (eyes.clone(), all.clone());
        let (got, open, shown, count) = read!(world, tx => {
            let got = assets::get_many(tx, &seen, &asked).await?;
            let open = shares::visible_ids(tx, &seen, 1000).await?;
            let shown = assets::list_open(tx, &seen, None, 1000).await?;
            let count = shares::count_visible(tx, &seen).await?;
            Ok((got, open, shown.items, count))
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
        let shown: BTreeSet<_> = shown.into_iter().map(|asset| asset.id).collect();
        assert_eq!(shown, ids, "shown to a visitor");
        self.compare_selections(world, eyes).await;
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

    /// Lists and timelines: the own library, what others share, and each collection.
    async fn compare_selections(&self, world: &World, eyes: &Visibility) {
        let levels = self.levels(eyes);
        let in_sight = |id: &AssetId| levels.contains_key(id) && !self.withheld(*id);
        let library = self.levels(&eyes.own()).into_keys();
        let library: BTreeSet<AssetId> = library.filter(in_sight).collect();
        let others = levels.keys().copied().filter(in_sight);
        let others = others.filter(|id| !library.contains(id)).collect();
        compare_timeline(world, eyes, Filter::default(), library).await;
        let shared = Filter {
            shared: true,
            ..Filter::default()
        };
        compare_timeline(world, eyes, shared, others).await;
        for (tenant, owner, id, _) in &self.collections {
            let open = eyes.level_in(Container::Collection(*id)).is_some();
            let known = open || eyes.owners().any(|user| user == *owner);
            let inside = self.placed.iter().filter(|(there, asset)| {
                known && *tenant == eyes.tenant() && there == id && in_sight(asset)
            });
            let inside = inside.map(|(_, asset)| *asset).collect();
            let within = Filter {
                albums: vec![Album::Id(*id)],
                ..Filter::default()
            };
            compare_timeline(world, eyes, within, inside).await;
        }
    }

    /// Each collection counts what its reader would find in it.
    async fn compare_collections(&self, world: &World, eyes: &Visibility) {
        let (seen, narrowing) = (eyes.clone(), collections::Narrowing::default());
        let listed = read!(world, tx => collections::list(tx, &seen, &narrowing, None, 1000).await);
        let levels = self.levels(eyes);
        for row in listed.items {
            let inside = self.placed.iter().filter(|(id, asset)| {
                *id == row.id && levels.contains_key(asset) && !self.withheld(*asset)
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

/// The list, the counts and the tiles of a filter are all of just these.
async fn compare_timeline(
    world: &World,
    eyes: &Visibility,
    filter: Filter,
    expected: BTreeSet<AssetId>,
) {
    let (seen, asked) = (eyes.clone(), filter.clone());
    let (listed, counts, tiles) = read!(world, tx => {
        let listed = assets::list(tx, &seen, &asked, Sort::Created, None, 1000).await?;
        let counts = assets::count_days(tx, &seen, &asked).await?;
        let tiles = assets::tiles(tx, &seen, &asked, Span::default(), None, 1000).await?;
        Ok((listed.items, counts, tiles.items))
    });
    let listed: BTreeSet<_> = listed.into_iter().map(|asset| asset.id).collect();
    assert_eq!(listed, expected, "listed for {filter:?}");
    let mut days: BTreeMap<Day, u64> = BTreeMap::new();
    for tile in &tiles {
        *days.entry(Day::of(tile.taken)).or_default() += 1;
    }
    let drawn: BTreeSet<_> = tiles.into_iter().map(|tile| tile.id).collect();
    assert_eq!(drawn, expected, "drawn for {filter:?}");
    let counts: BTreeMap<_, _> = counts.into_iter().collect();
    assert_eq!(counts, days, "counted for {filter:?}");
}
