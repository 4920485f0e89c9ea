//! The SQL of a list admits exactly what `Visibility::admits`.

use std::collections::BTreeSet;

use catalog::assets::{self, Sort};
use catalog::tenants;
use domain::{AssetId, Container, Filter, Standing, TenantId, UserId, Visibility};
use proptest::prelude::{Strategy, any};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use uuid::Uuid;

use crate::world::{NOW, World, add_user};

on_both! {
    the_list_shows_what_visibility_admits
}

const TENANTS: u8 = 3;
const USERS: u8 = 4;

fn tenant(number: u8) -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(100 + u128::from(number)))
}

/// The same id in every tenant: a query that forgets the tenant shows somebody else's media.
fn user(number: u8) -> UserId {
    UserId::from_uuid(Uuid::from_u128(200 + u128::from(number)))
}

async fn the_list_shows_what_visibility_admits(world: &World) {
    for number in 0..TENANTS {
        write!(world, tx => {
            tenants::insert(tx, tenant(number), "a tenant", NOW).await?;
            for number_of_user in 0..USERS {
                let email = format!("{number_of_user}@example.org");
                add_user(tx, tenant(number), user(number_of_user), &email, None).await?;
            }
            Ok(())
        });
    }
    let mut everything: Vec<(TenantId, UserId, AssetId)> = Vec::new();
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::deterministic_rng(RngAlgorithm::ChaCha),
    );
    let batches = proptest::collection::vec((0..TENANTS, 0..USERS, any::<u8>()), 1..12);
    for _ in 0..8 {
        let batch = batches.new_tree(&mut runner).expect("a batch");
        for (in_tenant, owner, content) in proptest::strategy::ValueTree::current(&batch) {
            let mut upload = world.upload(user(owner), &format!("content {content}"));
            upload.tenant = tenant(in_tenant);
            let (of, by, id) = (upload.tenant, upload.owner, upload.asset);
            if write!(world, tx => upload.commit(tx).await) == assets::Inserted::New {
                everything.push((of, by, id));
            }
        }
        compare(world, &everything).await;
    }
}

async fn compare(world: &World, everything: &[(TenantId, UserId, AssetId)]) {
    for number in 0..TENANTS {
        for number_of_user in 0..USERS {
            let visibility = Visibility::of_user(tenant(number), user(number_of_user));
            let admitted: BTreeSet<AssetId> = everything
                .iter()
                .filter(|(of, by, _)| {
                    visibility.admits(Standing {
                        tenant: *of,
                        containers: &[Container::Owner(*by)],
                        withheld: false,
                    })
                })
                .map(|(_, _, id)| *id)
                .collect();
            let all: Vec<AssetId> = everything.iter().map(|(_, _, id)| *id).collect();
            let (listed, got) = read!(world, tx => {
                let page = assets::list(tx, &visibility, &Filter::default(), Sort::Created, None, 1000).await?;
                let got = assets::get_many(tx, &visibility, &all).await?;
                let ids = |rows: Vec<assets::AssetRow>| rows.iter().map(|asset| asset.id).collect::<BTreeSet<_>>();
                Ok((ids(page.items), ids(got)))
            });
            assert_eq!(listed, admitted);
            assert_eq!(got, admitted);
        }
    }
}
