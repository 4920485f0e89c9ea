//! Assets: added once per owner, listed in a stable order, filtered.

use catalog::assets::{self, Inserted, Order, Sort};
use catalog::{contents, renditions, versions};
use domain::{
    AssetId, CollectionId, Facts, Filter, LocalTime, MediaKind, Sha256, UserId, Visibility,
    parse_query,
};

use crate::world::{NOW, SIZE, TENANT, World, add_user};

on_both! {
    an_owner_has_the_same_bytes_once
    the_same_bytes_of_two_owners_share_a_blob
    paging_is_stable_under_inserts
    both_orders_are_newest_first
    filters_narrow_the_list
    a_page_comes_complete
    many_are_loaded_in_the_order_asked_for
    hashes_are_found_among_ones_own
    every_order_pages_through_all
    queries_find_what_they_name
    places_are_found_across_the_meridian
    albums_open_what_lies_in_them
}

async fn an_owner_has_the_same_bytes_once(world: &World) {
    let ada = world.user("ada@example.org").await;
    let uploads: Vec<_> = (0..10).map(|_| world.upload(ada, "same")).collect();
    let commits = uploads.iter().cloned().map(|upload| {
        world
            .db
            .write(move |tx| Box::pin(async move { upload.commit(tx).await }))
    });
    let inserted = futures::future::try_join_all(commits)
        .await
        .expect("all commit");
    assert_eq!(
        inserted
            .iter()
            .filter(|inserted| **inserted == Inserted::New)
            .count(),
        1
    );
    let visibility = Visibility::of_user(TENANT, ada);
    let page = read!(world, tx => assets::list(tx, &visibility, &Filter::default(), Sort::Captured, None, 10).await);
    assert_eq!(page.items.len(), 1);
    for inserted in inserted {
        assert!(
            matches!(inserted, Inserted::New)
                || matches!(inserted, Inserted::Existing(known) if known.asset == page.items[0].id)
        );
    }
    let blob = read!(world, tx => catalog::blobs::live(tx, TENANT, uploads[0].sha256).await)
        .expect("it is stored");
    assert_eq!(blob.refs, 1);
}

async fn the_same_bytes_of_two_owners_share_a_blob(world: &World) {
    let (ada, ben) = (
        world.user("ada@example.org").await,
        world.user("ben@example.org").await,
    );
    let hers = world.add(ada, "same").await;
    let his = world.add(ben, "same").await;
    let blob = read!(world, tx => catalog::blobs::live(tx, TENANT, his.sha256).await)
        .expect("it is stored");
    assert_eq!((blob.id, blob.refs), (hers.blob, 2));
    let theirs = read!(world, tx => assets::of_content(tx, TENANT, his.sha256).await);
    assert_eq!(theirs, [(hers.asset, ada), (his.asset, ben)]);
    let deleted = {
        let hers = hers.clone();
        write!(world, tx => assets::delete(tx, &hers.visibility(), hers.asset, NOW).await)
            .expect("it was there")
    };
    assert_eq!((deleted.owner, deleted.bytes), (ada, SIZE));
    let blob =
        read!(world, tx => catalog::blobs::live(tx, TENANT, his.sha256).await).expect("his stays");
    assert_eq!(blob.refs, 1);
    let files = read!(world, tx => versions::files_of(tx, &his.visibility(), his.asset).await);
    assert_eq!(files.len(), 1);
}

/// Adds assets created (so also sorted) at these offsets from now.
async fn add_at(world: &World, owner: UserId, millis: &[i64]) -> Vec<AssetId> {
    let mut ids = Vec::new();
    for offset in millis {
        let mut upload = world.upload(owner, &format!("at {offset} {}", ids.len()));
        upload.created_at = NOW.plus_millis(*offset);
        ids.push(upload.asset);
        write!(world, tx => upload.commit(tx).await);
    }
    ids
}

async fn paging_is_stable_under_inserts(world: &World) {
    let ada = world.user("ada@example.org").await;
    // Several at one moment: the id decides.
    let ids = add_at(world, ada, &[10, 20, 20, 20, 30, 40, 40]).await;
    let visibility = Visibility::of_user(TENANT, ada);
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let visibility = visibility.clone();
        let page = read!(world, tx => assets::list(tx, &visibility, &Filter::default(), Sort::Created, after, 2).await);
        seen.extend(page.items.iter().map(|asset| asset.id));
        add_at(world, ada, &[50 + i64::try_from(seen.len()).expect("few")]).await;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let expected: Vec<_> = ids.into_iter().rev().collect();
    assert_eq!(seen, expected);
}

async fn both_orders_are_newest_first(world: &World) {
    let ada = world.user("ada@example.org").await;
    let ids = add_at(world, ada, &[10, 20, 30]).await;
    let first = ids[0];
    let visibility = Visibility::of_user(TENANT, ada);
    let taken = LocalTime {
        local: "2030-01-01T00:00:00".to_owned(),
        offset_minutes: Some(120),
        source: "user".to_owned(),
    };
    let patch = assets::Patch {
        captured: Some(Some(taken)),
        ..assets::Patch::default()
    };
    let seen = visibility.clone();
    write!(world, tx => assets::patch(tx, &seen, first, &patch, ada, None, NOW).await);
    for (sort, expected) in [
        (Sort::Captured, [ids[0], ids[2], ids[1]]),
        (Sort::Created, [ids[2], ids[1], ids[0]]),
    ] {
        let visibility = visibility.clone();
        let page = read!(world, tx => assets::list(tx, &visibility, &Filter::default(), sort, None, 3).await);
        assert_eq!(
            page.items.iter().map(|asset| asset.id).collect::<Vec<_>>(),
            expected
        );
        assert_eq!(page.next, None);
    }
}

async fn listed(world: &World, visibility: &Visibility, query: &str) -> Vec<String> {
    let filter = parse_query(query).expect("a good query");
    let visibility = visibility.clone();
    let page =
        read!(world, tx => assets::list(tx, &visibility, &filter, Sort::Captured, None, 100).await);
    let mut names: Vec<_> = page
        .items
        .into_iter()
        .map(|asset| asset.file_name)
        .collect();
    names.sort();
    names
}

async fn filters_narrow_the_list(world: &World) {
    let ada = world.user("ada@example.org").await;
    let visibility = Visibility::of_user(TENANT, ada);
    let beach = world.add(ada, "Beach_100%").await;
    let mut forest = world.upload(ada, "Forêt");
    forest.created_at = NOW.plus_millis(400 * 86_400_000); // December 2024
    let added = forest.clone();
    write!(world, tx => added.commit(tx).await);
    let gone = world.add(ada, "gone").await;
    let mut facts = Facts {
        captured: Some(LocalTime {
            local: "2024-05-17T12:00:00".to_owned(),
            offset_minutes: None,
            source: "exif:DateTimeOriginal".to_owned(),
        }),
        keywords: vec!["Summer  Trip".to_owned()],
        ..Facts::default()
    };
    facts.camera.make = Some("Apple".to_owned());
    facts.camera.model = Some("iPhone 12".to_owned());
    let seen = visibility.clone();
    write!(world, tx => {
        assert!(contents::put_facts(tx, TENANT, beach.sha256, &facts, 1).await?);
        assert!(assets::apply_facts(tx, TENANT, beach.asset, NOW).await?);
        assert!(assets::trash(tx, &seen, gone.asset, NOW).await?);
        let favourite = assets::Patch { favourite: Some(true), ..assets::Patch::default() };
        assets::patch(tx, &seen, forest.asset, &favourite, ada, None, NOW).await
    });
    let (beach, forest, gone) = ("Beach_100%.jpg", "Forêt.jpg", "gone.jpg");
    for (query, expected) in [
        ("", vec![beach, forest]),
        ("bEACH", vec![beach]),
        ("FORÊT", vec![forest]),
        ("h_1", vec![beach]),
        ("h_ê", vec![]),
        ("0%", vec![beach]),
        ("jpg iphone", vec![beach]),
        ("camera:\"IPHONE 12\"", vec![beach]),
        ("camera:apple", vec![beach]),
        ("tag:\"summer trip\"", vec![beach]),
        ("tag:summer", vec![]),
        ("after:2024-05-17 before:2024-05-18", vec![beach]),
        ("after:2024-05-18", vec![forest]),
        ("before:2024-05-17", vec![]),
        ("before:2024-06", vec![beach]),
        ("before:2100", vec![beach, forest]),
        ("is:favourite", vec![forest]),
        ("is:trashed", vec![gone]),
        ("type:image type:video", vec![beach, forest]),
        ("type:video", vec![]),
    ] {
        assert_eq!(listed(world, &visibility, query).await, expected, "{query}");
    }
}

async fn a_page_comes_complete(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "whole").await;
    let rendition = renditions::Rendition {
        sha256: upload.sha256,
        name: "thumb".to_owned(),
        step_version: 3,
        object: "derived/x".to_owned(),
        width: 250,
        height: 100,
        mime: "image/webp".to_owned(),
        size: 999,
        created_at: NOW,
    };
    let made = rendition.clone();
    let (asset, visibility) = (upload.asset, upload.visibility());
    let (older, newer) = write!(world, tx => {
        assert!(renditions::put(tx, TENANT, &made).await?);
        let older = renditions::put(tx, TENANT, &renditions::Rendition { step_version: 2, ..made.clone() }).await?;
        let newer = renditions::put(tx, TENANT, &renditions::Rendition { step_version: 3, ..made.clone() }).await?;
        Ok((older, newer))
    });
    assert!(!older && newer);
    let seen = visibility.clone();
    let found = read!(world, tx => assets::get(tx, &seen, asset).await).expect("it is there");
    assert_eq!(found.kind, MediaKind::Image);
    assert_eq!(
        (found.size, found.version_number, found.revision),
        (SIZE, 1, 1)
    );
    assert_eq!(found.renditions, std::slice::from_ref(&rendition));
    assert_eq!(found.taken_sort, NOW);
    let shown =
        read!(world, tx => renditions::shown(tx, TENANT, asset).await).expect("it is there");
    assert_eq!(shown.to(&visibility, "thumb"), Some(&rendition));
    assert_eq!(shown.to(&visibility, "preview"), None);
    let stranger = Visibility::of_user(TENANT, world.user("eve@example.org").await);
    assert_eq!(shown.to(&stranger, "thumb"), None);
    let hidden = read!(world, tx => Ok((
        assets::get(tx, &stranger, asset).await?.is_some(),
        versions::files_of(tx, &stranger, asset).await?.len(),
        versions::list(tx, &stranger, asset).await?.len(),
    )));
    assert_eq!(hidden, (false, 0, 0));
    let history = read!(world, tx => versions::list(tx, &visibility, asset).await);
    assert_eq!(history.len(), 1);
    assert_eq!(
        read!(world, tx => renditions::all(tx, TENANT, None, 10).await),
        std::slice::from_ref(&rendition)
    );
    let after = rendition.sha256;
    assert!(
        read!(world, tx => renditions::all(tx, TENANT, Some((after, "thumb")), 10).await)
            .is_empty()
    );
}

async fn many_are_loaded_in_the_order_asked_for(world: &World) {
    let ada = world.user("ada@example.org").await;
    let ids = add_at(world, ada, &[1, 2, 3, 4, 5]).await;
    let asked = vec![ids[3], ids[0], world.id(), ids[4]];
    let visibility = Visibility::of_user(TENANT, ada);
    let found = read!(world, tx => assets::get_many(tx, &visibility, &asked).await);
    assert_eq!(
        found.iter().map(|asset| asset.id).collect::<Vec<_>>(),
        [ids[3], ids[0], ids[4]]
    );
}

async fn hashes_are_found_among_ones_own(world: &World) {
    let ada = world.user("ada@example.org").await;
    let ben = world.id();
    write!(world, tx => add_user(tx, TENANT, ben, "ben@example.org", None).await);
    let hers = world.add(ada, "hers").await;
    let trashed = world.add(ada, "trashed").await;
    let his = world.add(ben, "his").await;
    let visibility = hers.visibility();
    let id = trashed.asset;
    write!(world, tx => assets::trash(tx, &visibility, id, NOW).await);
    let mut asked: Vec<_> = (0..300)
        .map(|number: u32| Sha256::of(&number.to_le_bytes()))
        .collect();
    asked.extend([hers.sha256, trashed.sha256, his.sha256]);
    let mut found = read!(world, tx => assets::find_by_hashes(tx, TENANT, ada, &asked).await);
    found.sort_by_key(|known| known.asset);
    let found: Vec<_> = found
        .iter()
        .map(|known| (known.asset, known.trashed))
        .collect();
    assert_eq!(found, [(hers.asset, false), (trashed.asset, true)]);
}

/// The names found by a query, in the order of the list.
async fn in_order(
    world: &World,
    visibility: &Visibility,
    query: &str,
    order: Order,
) -> Vec<String> {
    let mut names = Vec::new();
    let mut after = None;
    loop {
        let (visibility, filter) = (
            visibility.clone(),
            parse_query(query).expect("a good query"),
        );
        let page =
            read!(world, tx => assets::list(tx, &visibility, &filter, order, after, 2).await);
        names.extend(page.items.into_iter().map(|asset| asset.file_name));
        after = page.next;
        if after.is_none() {
            return names;
        }
    }
}

async fn every_order_pages_through_all(world: &World) {
    let ada = world.user("ada@example.org").await;
    let visibility = Visibility::of_user(TENANT, ada);
    for (at, name) in ["b", "Anna", "ä", "a_2", "B", "Zoe"]
        .into_iter()
        .enumerate()
    {
        let mut upload = world.upload(ada, name);
        upload.created_at = NOW.plus_millis(i64::try_from(at % 3).expect("few"));
        let (seen, asset) = (visibility.clone(), upload.asset);
        let rated = assets::Patch {
            rating: Some(Some(u8::try_from(at % 2 + 1).expect("few"))),
            ..assets::Patch::default()
        };
        write!(world, tx => {
            upload.commit(tx).await?;
            assets::patch(tx, &seen, asset, &rated, ada, None, NOW).await
        });
    }
    let by_name = Order {
        sort: Sort::Name,
        ascending: true,
    };
    assert_eq!(
        in_order(world, &visibility, "", by_name).await,
        ["a_2.jpg", "Anna.jpg", "b.jpg", "B.jpg", "Zoe.jpg", "ä.jpg"]
    );
    for sort in [
        Sort::Captured,
        Sort::Created,
        Sort::Name,
        Sort::Size,
        Sort::Rating,
    ] {
        let up = in_order(
            world,
            &visibility,
            "",
            Order {
                sort,
                ascending: true,
            },
        )
        .await;
        let mut down = in_order(world, &visibility, "", Order::from(sort)).await;
        down.reverse();
        assert_eq!((up.len(), &up), (6, &down), "{sort:?}");
    }
    let best = in_order(world, &visibility, "rating:2", Order::from(Sort::Rating)).await;
    assert_eq!(best.len(), 3);
}

/// Makes assets of these facts, named as told.
async fn add_with(world: &World, owner: UserId, name: &str, facts: Facts) -> AssetId {
    let upload = world.add(owner, name).await;
    write!(world, tx => {
        assert!(contents::put_facts(tx, TENANT, upload.sha256, &facts, 1).await?);
        assert!(assets::apply_facts(tx, TENANT, upload.asset, NOW).await?);
        Ok(())
    });
    upload.asset
}

fn at(lat: f64, lon: f64) -> Facts {
    Facts {
        place: domain::Place::new(lat, lon, None, "test"),
        ..Facts::default()
    }
}

async fn queries_find_what_they_name(world: &World) {
    let ada = world.user("ada@example.org").await;
    let visibility = Visibility::of_user(TENANT, ada);
    let rated = Facts {
        rating: Some(4),
        ..at(48.2, 16.37)
    };
    add_with(world, ada, "vienna", rated).await;
    let beach = add_with(world, ada, "beach", Facts::default()).await;
    let hidden = add_with(world, ada, "hidden", Facts::default()).await;
    let aside = add_with(world, ada, "aside", Facts::default()).await;
    let seen = visibility.clone();
    write!(world, tx => {
        let said = assets::Patch {
            title: Some(Some("Vienna by the sea".to_owned())),
            tags: Some(vec!["Work".to_owned()]),
            favourite: Some(true),
            ..assets::Patch::default()
        };
        assets::patch(tx, &seen, beach, &said, ada, None, NOW).await?;
        let locked = assets::Patch { locked: Some(true), ..assets::Patch::default() };
        assets::patch(tx, &seen, hidden, &locked, ada, None, NOW).await?;
        let archived = assets::Patch { archived: Some(true), ..assets::Patch::default() };
        assets::patch(tx, &seen, aside, &archived, ada, None, NOW).await
    });
    let (vienna, beach) = ("vienna.jpg", "beach.jpg");
    for (query, expected) in [
        ("", vec![beach, vienna]),
        ("vienna", vec![beach, vienna]),
        ("name:vienna", vec![vienna]),
        ("-name:vienna", vec![beach]),
        ("-sea", vec![vienna]),
        ("tag:work", vec![beach]),
        ("-tag:WORK", vec![vienna]),
        ("rating:4", vec![vienna]),
        ("rating:>=3", vec![vienna]),
        ("rating:0", vec![beach]),
        ("has:place", vec![vienna]),
        ("-has:place", vec![beach]),
        ("near:48.3,16.4,20km", vec![vienna]),
        ("-near:48.3,16.4,20km", vec![beach]),
        ("near:48.3,16.4,5km", vec![]),
        ("box:48,16,49,17", vec![vienna]),
        ("box:48,17,49,18", vec![]),
        ("is:favourite", vec![beach]),
        ("-is:favourite", vec![vienna]),
        ("type:image type:video", vec![beach, vienna]),
        ("-type:image", vec![]),
        ("status:pending status:ready", vec![beach, vienna]),
        ("-status:pending", vec![]),
        ("before:2000", vec![]),
        ("is:archived", vec!["aside.jpg"]),
        ("is:locked", vec!["hidden.jpg"]),
        ("is:shared", vec![]),
        ("album:Nowhere", vec![]),
    ] {
        assert_eq!(listed(world, &visibility, query).await, expected, "{query}");
    }
}

async fn places_are_found_across_the_meridian(world: &World) {
    let ada = world.user("ada@example.org").await;
    let visibility = Visibility::of_user(TENANT, ada);
    add_with(world, ada, "east", at(-17.0, 179.9)).await;
    add_with(world, ada, "west", at(-17.0, -179.9)).await;
    add_with(world, ada, "far", at(-17.0, 0.5)).await;
    for (query, expected) in [
        ("near:-17,180,50km", vec!["east.jpg", "west.jpg"]),
        ("near:-17,-179.9,30km", vec!["east.jpg", "west.jpg"]),
        ("near:-17,-179.9,5km", vec!["west.jpg"]),
        ("box:-18,179,-16,-179", vec!["east.jpg", "west.jpg"]),
        ("box:-18,-1,-16,1", vec!["far.jpg"]),
    ] {
        assert_eq!(listed(world, &visibility, query).await, expected, "{query}");
    }
}

/// Makes a collection of these assets.
async fn collect(
    world: &World,
    owner: UserId,
    name: &'static str,
    query: Option<&'static str>,
    assets: &[AssetId],
) -> CollectionId {
    let (id, assets): (CollectionId, Vec<_>) = (world.id(), assets.to_vec());
    write!(world, tx => {
        let values = vec![TENANT.into(), id.into(), owner.into(), name.into(), query.into(), NOW.into()];
        tx.execute(
            "INSERT INTO collection (tenant, id, owner, name, description, query, created_at, updated_at, revision) \
             VALUES ($1, $2, $3, $4, '', $5, $6, $6, 1)",
            values,
        ).await?;
        for asset in assets {
            let values = vec![TENANT.into(), id.into(), asset.into(), owner.into(), NOW.into()];
            tx.execute(
                "INSERT INTO collection_asset (tenant, collection, asset, position, added_by, added_at) \
                 VALUES ($1, $2, $3, 0, $4, $5)",
                values,
            ).await?;
        }
        Ok(())
    });
    id
}

async fn albums_open_what_lies_in_them(world: &World) {
    let (ada, ben) = (
        world.user("ada@example.org").await,
        world.user("ben@example.org").await,
    );
    let hers = Visibility::of_user(TENANT, ada);
    let beach = add_with(world, ada, "beach", at(10.0, 10.0)).await;
    let aside = add_with(world, ada, "aside", Facts::default()).await;
    add_with(world, ben, "own", Facts::default()).await;
    let seen = hers.clone();
    let archived = assets::Patch {
        archived: Some(true),
        ..assets::Patch::default()
    };
    write!(world, tx => assets::patch(tx, &seen, aside, &archived, ada, None, NOW).await);
    let album = collect(world, ada, "Sömmer 24", None, &[beach, aside]).await;
    collect(world, ada, "Clever", Some("has:place"), &[]).await;
    collect(world, ada, "Nested", Some("album:clever"), &[]).await;
    let grant = (domain::Container::Collection(album), domain::Level::View);
    let his = Visibility::through(TENANT, his_own(ben).chain([grant]));
    let both = vec!["aside.jpg", "beach.jpg"];
    for (visibility, query, expected) in [
        (&hers, "album:\"SÖMMER 24\"".to_owned(), both.clone()),
        (&hers, format!("album:{album}"), both.clone()),
        (&hers, format!("album:{album} has:place"), vec!["beach.jpg"]),
        (&hers, "album:clever".to_owned(), vec!["beach.jpg"]),
        (&hers, "album:nested".to_owned(), vec![]),
        (&hers, format!("album:{album} is:shared"), vec![]),
        (&his, String::new(), vec!["own.jpg"]),
        (&his, "is:shared".to_owned(), vec!["beach.jpg"]),
        (&his, format!("album:{album}"), both.clone()),
        (&his, "album:clever".to_owned(), vec![]),
        (
            &Visibility::of_user(TENANT, ben),
            format!("album:{album}"),
            vec![],
        ),
    ] {
        assert_eq!(listed(world, visibility, &query).await, expected, "{query}");
    }
    for (visibility, knows) in [
        (hers, true),
        (his, true),
        (Visibility::of_user(TENANT, ben), false),
    ] {
        let found = read!(world, tx => assets::knows_collection(tx, &visibility, album).await);
        assert_eq!(found, knows);
    }
}

fn his_own(user: UserId) -> impl Iterator<Item = (domain::Container, domain::Level)> {
    [(domain::Container::Owner(user), domain::Level::Edit)].into_iter()
}
