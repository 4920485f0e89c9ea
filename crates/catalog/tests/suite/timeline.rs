//! Timelines: counted by day, drawn from light rows, both of the same assets.

use std::collections::BTreeMap;

use catalog::assets::{self, Span, Tile};
use catalog::contents;
use domain::{Day, Facts, LocalTime, UserId, Visibility, parse_query};

use crate::world::{NOW, TENANT, World};

on_both! {
    counts_and_tiles_agree
    tiles_say_what_is_drawn
    a_timeline_is_ones_own
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

async fn taken(world: &World, owner: UserId, name: &str, local: &str) {
    let upload = world.add(owner, name).await;
    let facts = Facts {
        width: Some(400),
        height: Some(300),
        thumbhash: Some("1QcSHQRnh493V4dIh4eXh1h4kJUI".to_owned()),
        rating: Some(2),
        captured: Some(LocalTime {
            local: local.to_owned(),
            offset_minutes: None,
            source: "test".to_owned(),
        }),
        ..Facts::default()
    };
    write!(world, tx => {
        assert!(contents::put_facts(tx, TENANT, upload.sha256, &facts, 1).await?);
        assert!(assets::apply_facts(tx, TENANT, upload.asset, NOW).await?);
        Ok(())
    });
}

async fn all_tiles(world: &World, visibility: &Visibility, query: &str, span: Span) -> Vec<Tile> {
    let mut tiles = Vec::new();
    let mut after = None;
    loop {
        let (visibility, filter) = (visibility.clone(), parse_query(query).expect("a query"));
        let page =
            read!(world, tx => assets::tiles(tx, &visibility, &filter, span, after, 2).await);
        tiles.extend(page.items);
        after = page.next;
        if after.is_none() {
            return tiles;
        }
    }
}

async fn counts_and_tiles_agree(world: &World) {
    let ada = world.user("ada@example.org").await;
    let visibility = Visibility::of_user(TENANT, ada);
    for (name, local) in [
        ("a", "2024-05-17T23:59:59"),
        ("b", "2024-05-17T00:00:00"),
        ("c", "2024-05-18T00:00:00"),
        ("d", "2024-05-17T12:00:00"),
        ("e", "1969-12-31T23:00:00"),
    ] {
        taken(world, ada, name, local).await;
    }
    world.add(ada, "undated").await;
    for query in ["", "name:a", "before:2000", "rating:2", "is:trashed"] {
        let (seen, filter) = (visibility.clone(), parse_query(query).expect("a query"));
        let counted = read!(world, tx => assets::count_days(tx, &seen, &filter).await);
        assert!(counted.is_sorted_by(|a, b| a.0 > b.0), "{counted:?}");
        let mut drawn = BTreeMap::new();
        for tile in all_tiles(world, &visibility, query, Span::default()).await {
            *drawn.entry(Day::of(tile.taken)).or_insert(0) += 1;
        }
        assert_eq!(
            counted.into_iter().collect::<BTreeMap<_, u64>>(),
            drawn,
            "{query}"
        );
    }
    let span = Span {
        from: Some(day("2024-05-17")),
        to: Some(day("2024-05-18")),
    };
    let names: Vec<_> = all_tiles(world, &visibility, "", span)
        .await
        .into_iter()
        .map(|tile| tile.file_name)
        .collect();
    assert_eq!(names, ["a.jpg", "d.jpg", "b.jpg"]);
}

async fn tiles_say_what_is_drawn(world: &World) {
    let ada = world.user("ada@example.org").await;
    taken(world, ada, "one", "2024-05-17T10:00:00").await;
    let tiles = all_tiles(
        world,
        &Visibility::of_user(TENANT, ada),
        "",
        Span::default(),
    )
    .await;
    let tile = &tiles[0];
    assert_eq!(
        (tile.width, tile.height, tile.rating),
        (Some(400), Some(300), Some(2))
    );
    assert_eq!(tile.taken.to_string(), "2024-05-17T10:00:00Z");
    assert_eq!((tile.thumb, tile.motion, tile.owner), (None, false, ada));
}

async fn a_timeline_is_ones_own(world: &World) {
    let (ada, ben) = (
        world.user("ada@example.org").await,
        world.user("ben@example.org").await,
    );
    taken(world, ada, "hers", "2024-05-17T10:00:00").await;
    let tiles = all_tiles(
        world,
        &Visibility::of_user(TENANT, ben),
        "",
        Span::default(),
    )
    .await;
    assert_eq!(tiles, []);
}
