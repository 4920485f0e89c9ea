//! What listeners are told, held against what SQL lets them see at that moment.

use std::collections::BTreeSet;
use std::time::Duration;

use catalog::changes::{self, Change, ChangeCursor, ChangeKind, Since};
use catalog::{assets, collections, visibility};
use domain::{AssetId, CollectionId, TenantId, UserId, Visibility};
use uuid::Uuid;

use super::{USERS, user};
use crate::world::{NOW, World};

/// What everybody may see, user by user.
pub(super) type Eyes = Vec<(UserId, Visibility)>;

/// Who was to hear of a change: everybody of its tenant, with the eyes of that moment.
struct Told {
    kind: ChangeKind,
    subject: Uuid,
    hearers: Vec<(Visibility, bool)>,
}

/// The changes logged since the last comparison.
pub(super) struct News {
    at: ChangeCursor,
    told: Vec<Told>,
    /// What was compared so far.
    pub(super) kinds: BTreeSet<String>,
}

impl News {
    pub(super) async fn from_now_on(world: &World) -> Self {
        let at = read!(world, tx => changes::head(tx).await);
        Self {
            at,
            told: Vec::new(),
            kinds: BTreeSet::new(),
        }
    }

    /// Logs that something happened to an asset: whoever sees it now hears of it.
    pub(super) async fn of_asset(
        &mut self,
        world: &World,
        of: TenantId,
        id: AssetId,
        kind: ChangeKind,
    ) {
        let mut hearers = Vec::new();
        for (_, eyes) in all_eyes(world, of).await {
            let seen = eyes.clone();
            let sees = read!(world, tx => assets::get(tx, &seen, id).await).is_some();
            hearers.push((eyes, sees));
        }
        write!(world, tx => changes::of_asset(tx, of, id, kind, None, NOW).await);
        self.told.push(Told {
            kind,
            subject: id.uuid(),
            hearers,
        });
    }

    /// Logs that something happened to a collection or in it: whoever sees the collection hears of it.
    pub(super) async fn of_collection(
        &mut self,
        world: &World,
        of: TenantId,
        (id, owner): (CollectionId, UserId),
    ) {
        let mut hearers = Vec::new();
        for (_, eyes) in all_eyes(world, of).await {
            let seen = eyes.clone();
            let sees = read!(world, tx => collections::get(tx, &seen, id).await).is_some();
            hearers.push((eyes, sees));
        }
        let kind = ChangeKind::CollectionUpdated;
        write!(world, tx => changes::of_collection(tx, of, (id, owner), kind, NOW).await);
        self.told.push(Told {
            kind,
            subject: id.uuid(),
            hearers,
        });
    }

    /// Logs that access has changed for these people, who hear of it each for themselves. Nobody else
    /// sees anything but before.
    pub(super) async fn of_access(
        &mut self,
        world: &World,
        of: TenantId,
        people: [UserId; 2],
        before: Eyes,
    ) {
        let after = all_eyes(world, of).await;
        for (was, is) in before.iter().zip(&after) {
            let told = people.contains(&was.0);
            assert!(told || was == is, "{} sees other things untold", was.0);
        }
        write!(world, tx => changes::of_access(tx, of, people, NOW).await);
        for of_whom in people {
            let hears = |(user, eyes): &(UserId, Visibility)| (eyes.clone(), *user == of_whom);
            self.told.push(Told {
                kind: ChangeKind::AccessChanged,
                subject: of_whom.uuid(),
                hearers: before.iter().map(hears).collect(),
            });
        }
    }

    /// The log holds just these changes, and each reaches those who were to hear of it.
    pub(super) async fn compare(&mut self, world: &World) {
        let told = std::mem::take(&mut self.told);
        let logged = self.follow(world, told.len()).await;
        for (told, Change { change, .. }) in told.iter().zip(&logged) {
            assert_eq!((told.kind, told.subject), (change.kind, change.subject));
            for (eyes, hears) in &told.hearers {
                let reached = eyes.hears(change.tenant, &change.containers());
                assert_eq!(reached, *hears, "{change:?} and {eyes:?}");
            }
            self.kinds.insert(told.kind.to_string());
        }
    }

    /// The next changes of the log. On PostgreSQL they may be held back for a while by a transaction
    /// elsewhere in the cluster.
    async fn follow(&mut self, world: &World, count: usize) -> Vec<Change> {
        let mut seen: Vec<Change> = Vec::new();
        let following = async {
            while seen.len() < count {
                let after = self.at;
                let Since::Changes(page) = read!(world, tx => changes::since(tx, after, 100).await)
                else {
                    panic!("nothing was pruned");
                };
                self.at = page.last().map_or(after, |change| change.cursor);
                seen.extend(page);
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), following)
            .await
            .expect("every change is seen in the end");
        assert_eq!(seen.len(), count, "nothing else was logged");
        seen
    }
}

/// What everybody of a tenant may see at this moment.
pub(super) async fn all_eyes(world: &World, of: TenantId) -> Eyes {
    let mut all = Vec::new();
    for number in 0..USERS {
        let by = user(number);
        let eyes = read!(world, tx => visibility::of_user(tx, of, by).await);
        all.push((by, eyes));
    }
    all
}
