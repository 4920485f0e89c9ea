//! What people say about assets, what files say, and which of the two holds.

use catalog::assets::{self, AssetRow, Editor, Patch, Patched, Undone};
use catalog::contents;
use domain::{Facts, LocalTime, Place, Status};
use serde_json::json;

use crate::world::{NOW, SIZE, TENANT, Upload, World};

on_both! {
    facts_fill_what_nobody_said
    a_person_wins_over_the_file
    facts_of_an_older_step_do_not_come_back
    keywords_become_tags_once
    keywords_wait_until_the_file_was_looked_at
    an_edit_leaves_a_revision
    an_edit_of_another_revision_is_refused
    two_edits_at_once_both_hold
    an_edit_is_taken_back_to_what_had_been_said
    tags_are_added_and_taken_away_however_spelled
    a_clock_that_was_wrong_is_corrected
    the_trash_gives_back
    deleting_forgets_everything
}

const LATER: domain::Timestamp = NOW.plus_millis(1000);

fn facts() -> Facts {
    Facts {
        width: Some(4000),
        title: Some("File's title".to_owned()),
        description: Some("File's text".to_owned()),
        rating: Some(3),
        captured: Some(time("2020-02-02T02:02:02")),
        keywords: vec![
            "Sea".to_owned(),
            "sea ".to_owned(),
            " ".to_owned(),
            "Ünder".to_owned(),
        ],
        ..Facts::default()
    }
}

fn time(local: &str) -> LocalTime {
    LocalTime {
        local: local.to_owned(),
        offset_minutes: Some(-90),
        source: "test".to_owned(),
    }
}

async fn load(world: &World, upload: &Upload) -> AssetRow {
    let upload = upload.clone();
    read!(world, tx => assets::get(tx, &upload.visibility(), upload.asset).await)
        .expect("it is there")
}

async fn change(world: &World, upload: &Upload, patch: Patch, expected: Option<u64>) -> Patched {
    let upload = upload.clone();
    write!(world, tx => {
        assets::patch(tx, &upload.visibility(), upload.asset, &patch, upload.owner, expected, LATER).await
    })
}

async fn learn(world: &World, upload: &Upload, facts: Facts, version: u32) -> bool {
    let upload = upload.clone();
    write!(world, tx => {
        let stored = contents::put_facts(tx, TENANT, upload.sha256, &facts, version).await?;
        assert!(assets::apply_facts(tx, TENANT, upload.asset, LATER).await?);
        Ok(stored)
    })
}

async fn facts_fill_what_nobody_said(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "photo").await;
    assert!(learn(world, &upload, facts(), 1).await);
    let asset = load(world, &upload).await;
    assert_eq!(asset.title.as_deref(), Some("File's title"));
    assert_eq!(asset.rating, Some(3));
    assert_eq!(asset.captured, Some(time("2020-02-02T02:02:02")));
    assert_eq!(
        asset.captured.as_ref().and_then(LocalTime::as_if_utc),
        Some(asset.taken_sort)
    );
    assert_eq!(asset.facts.width, Some(4000));
    assert_eq!((asset.updated_at, asset.revision), (LATER, 1));
    let content = read!(world, tx => contents::facts_of(tx, TENANT, upload.sha256).await)
        .expect("it is there");
    assert_eq!(
        (content.facts, content.facts_version, content.size),
        (facts(), 1, SIZE)
    );
}

async fn a_person_wins_over_the_file(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "photo").await;
    let said = Patch {
        title: Some(Some("Hers".to_owned())),
        description: Some(None),
        rating: Some(None),
        captured: Some(Some(time("1999-01-01T00:00:00"))),
        ..Patch::default()
    };
    // The rating was none before, so saying "none" changes nothing that shows; the rest does.
    assert_eq!(
        change(world, &upload, said.clone(), None).await,
        Patched::Done(2)
    );
    learn(world, &upload, facts(), 1).await;
    let asset = load(world, &upload).await;
    assert_eq!(asset.title.as_deref(), Some("Hers"));
    assert_eq!((asset.description, asset.rating), (None, None));
    assert_eq!(asset.captured, Some(time("1999-01-01T00:00:00")));
    let back = Patch {
        captured: Some(None),
        ..Patch::default()
    };
    change(world, &upload, back, None).await;
    let asset = load(world, &upload).await;
    assert_eq!(asset.captured, Some(time("2020-02-02T02:02:02")));
    assert_eq!(
        asset.captured.as_ref().and_then(LocalTime::as_if_utc),
        Some(asset.taken_sort)
    );
}

async fn facts_of_an_older_step_do_not_come_back(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "photo").await;
    assert!(learn(world, &upload, facts(), 2).await);
    assert!(!learn(world, &upload, Facts::default(), 1).await);
    assert_eq!(load(world, &upload).await.facts, facts());
}

async fn keywords_become_tags_once(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "photo").await;
    learn(world, &upload, facts(), 1).await;
    assert_eq!(load(world, &upload).await.tags, ["Sea", "Ünder"]);
    let only = Patch {
        tags: Some(vec!["Zoo".to_owned(), "Sea".to_owned()]),
        ..Patch::default()
    };
    change(world, &upload, only, None).await;
    learn(world, &upload, facts(), 2).await;
    assert_eq!(load(world, &upload).await.tags, ["Sea", "Zoo"]);
}

async fn keywords_wait_until_the_file_was_looked_at(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "photo").await;
    // As an upload does before its picture job has run.
    let (tenant, asset) = (upload.tenant, upload.asset);
    write!(world, tx => assets::apply_facts(tx, tenant, asset, NOW).await);
    assert!(load(world, &upload).await.tags.is_empty());
    learn(world, &upload, facts(), 1).await;
    assert_eq!(load(world, &upload).await.tags, ["Sea", "Ünder"]);
}

async fn an_edit_leaves_a_revision(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "photo").await;
    let said = Patch {
        title: Some(Some("New".to_owned())),
        favourite: Some(true),
        archived: Some(false),
        metadata: Some(json!({"roll": 7})),
        ..Patch::default()
    };
    assert_eq!(
        change(world, &upload, said.clone(), Some(1)).await,
        Patched::Done(2)
    );
    assert_eq!(change(world, &upload, said, None).await, Patched::Unchanged);
    let asset = load(world, &upload).await;
    assert!(asset.favourite && !asset.archived);
    assert_eq!((asset.metadata, asset.revision), (json!({"roll": 7}), 2));
    let rows = read!(world, tx => tx.rows("SELECT before_json, after_json FROM asset_revision", Vec::new()).await);
    assert_eq!(rows.len(), 1);
    let mut row = rows
        .into_iter()
        .next()
        .expect("one row")
        .of("asset_revision");
    let before: serde_json::Value = row.next("before_json").expect("JSON");
    let after: serde_json::Value = row.next("after_json").expect("JSON");
    assert_eq!(
        before,
        json!({"title": null, "favourite": false, "metadata": {}})
    );
    assert_eq!(
        after,
        json!({"title": "New", "favourite": true, "metadata": {"roll": 7}})
    );
}

async fn an_edit_of_another_revision_is_refused(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "photo").await;
    let said = Patch {
        favourite: Some(true),
        ..Patch::default()
    };
    assert_eq!(
        change(world, &upload, said.clone(), Some(9)).await,
        Patched::Stale
    );
    let mut stranger = upload.clone();
    stranger.owner = world.user("eve@example.org").await;
    assert_eq!(change(world, &stranger, said, None).await, Patched::Missing);
    assert!(!load(world, &upload).await.favourite);
}

async fn two_edits_at_once_both_hold(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "photo").await;
    let title = Patch {
        title: Some(Some("Title".to_owned())),
        ..Patch::default()
    };
    let rating = Patch {
        rating: Some(Some(5)),
        ..Patch::default()
    };
    let edits = tokio::join!(
        change(world, &upload, title, None),
        change(world, &upload, rating, None)
    );
    assert!(
        matches!(edits, (Patched::Done(_), Patched::Done(_))),
        "{edits:?}"
    );
    let asset = load(world, &upload).await;
    assert_eq!(
        (asset.title.as_deref(), asset.rating, asset.revision),
        (Some("Title"), Some(5), 3)
    );
}

async fn the_trash_gives_back(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "photo").await;
    let (visibility, id) = (upload.visibility(), upload.asset);
    write!(world, tx => {
        assert!(!assets::restore(tx, &visibility, id, LATER).await?);
        assert!(assets::trash(tx, &visibility, id, LATER).await?);
        assert!(!assets::trash(tx, &visibility, id, LATER).await?);
        Ok(())
    });
    assert_eq!(load(world, &upload).await.trashed_at, Some(LATER));
    let visibility = upload.visibility();
    assert!(write!(world, tx => assets::restore(tx, &visibility, id, LATER).await));
    let asset = load(world, &upload).await;
    assert_eq!((asset.trashed_at, asset.status), (None, Status::Pending));
}

async fn deleting_forgets_everything(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "photo").await;
    learn(world, &upload, facts(), 1).await;
    let said = Patch {
        favourite: Some(true),
        ..Patch::default()
    };
    change(world, &upload, said, None).await;
    let rendition = catalog::renditions::Rendition {
        sha256: upload.sha256,
        name: "thumb".to_owned(),
        step_version: 1,
        object: "derived/thumb".to_owned(),
        width: 1,
        height: 1,
        mime: "image/webp".to_owned(),
        size: 1,
        created_at: NOW,
    };
    let gone = upload.clone();
    let deleted = write!(world, tx => {
        catalog::renditions::put(tx, TENANT, &rendition).await?;
        assets::delete(tx, &gone.visibility(), gone.asset, LATER).await
    })
    .expect("it was there");
    assert_eq!(deleted.renditions, ["derived/thumb"]);
    assert_eq!(deleted.blobs, [upload.blob]);
    let left = read!(world, tx => tx
        .rows(
            "SELECT (SELECT count(*) FROM content) + (SELECT count(*) FROM asset_tag) \
             + (SELECT count(*) FROM asset_revision) + (SELECT count(*) FROM version) \
             + (SELECT count(*) FROM version_file) + (SELECT count(*) FROM rendition)",
            Vec::new(),
        )
        .await);
    let mut row = left.into_iter().next().expect("a row").of("count");
    assert_eq!(row.next::<i64>("count").expect("a number"), 0);
    let again = world.add(ada, "photo").await;
    assert_eq!(load(world, &again).await.facts, Facts::default());
}

async fn an_edit_is_taken_back_to_what_had_been_said(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "photo").await;
    learn(world, &upload, facts(), 1).await;
    let said = Patch {
        title: Some(Some("Hers".to_owned())),
        place: Some(Some(Place::new(10.0, 20.0, None, "test").expect("a place"))),
        rating: Some(Some(5)),
        ..Patch::default()
    };
    assert_eq!(change(world, &upload, said, None).await, Patched::Done(2));
    assert_eq!(take_back(world, &upload, 2).await, Undone::Done(3));
    let asset = load(world, &upload).await;
    assert_eq!(asset.title.as_deref(), Some("File's title"));
    assert_eq!((asset.place, asset.rating), (None, Some(3)));
    // It is the file's again, not a copy of what the file said.
    let other = Facts {
        title: Some("Another".to_owned()),
        ..facts()
    };
    learn(world, &upload, other, 2).await;
    let asset = load(world, &upload).await;
    assert_eq!(asset.title.as_deref(), Some("Another"));
    // Taking back what was taken back says it again.
    assert_eq!(take_back(world, &upload, 3).await, Undone::Done(4));
    let asset = load(world, &upload).await;
    assert_eq!(asset.title.as_deref(), Some("Hers"));
    assert!(asset.place.is_some());
    assert_eq!(
        take_back(world, &upload, 2).await,
        Undone::Later(vec![
            "location".to_owned(),
            "rating".to_owned(),
            "title".to_owned()
        ])
    );
    assert_eq!(take_back(world, &upload, 9).await, Undone::Missing);
    let mut stranger = upload.clone();
    stranger.owner = world.user("eve@example.org").await;
    assert_eq!(take_back(world, &stranger, 4).await, Undone::Missing);
}

async fn take_back(world: &World, upload: &Upload, number: u64) -> Undone {
    let upload = upload.clone();
    let editor = Editor {
        by: upload.owner,
        at: LATER,
        batch: None,
    };
    write!(world, tx => assets::undo(tx, &upload.visibility(), upload.asset, number, editor, false).await)
}

async fn tags_are_added_and_taken_away_however_spelled(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "photo").await;
    let tagged = |add: &[&str], remove: &[&str]| Patch {
        add_tags: add.iter().map(ToString::to_string).collect(),
        remove_tags: remove.iter().map(ToString::to_string).collect(),
        ..Patch::default()
    };
    change(world, &upload, tagged(&["Sea", "Trip  one"], &[]), None).await;
    assert_eq!(load(world, &upload).await.tags, ["Sea", "Trip  one"]);
    let again = change(world, &upload, tagged(&["SEA"], &["nothing"]), None).await;
    assert_eq!(again, Patched::Unchanged);
    change(world, &upload, tagged(&["Zoo"], &["TRIP ONE"]), None).await;
    assert_eq!(load(world, &upload).await.tags, ["Sea", "Zoo"]);
}

async fn a_clock_that_was_wrong_is_corrected(world: &World) {
    let ada = world.user("ada@example.org").await;
    let upload = world.add(ada, "photo").await;
    let late = Patch {
        shift_captured: Some(-86_400),
        ..Patch::default()
    };
    let undated = change(world, &upload, late.clone(), None).await;
    assert!(matches!(undated, Patched::Impossible(_)), "{undated:?}");
    learn(world, &upload, facts(), 1).await;
    change(world, &upload, late, None).await;
    let asset = load(world, &upload).await;
    let captured = asset.captured.expect("a time");
    assert_eq!(captured.local, "2020-02-01T02:02:02");
    assert_eq!(captured.offset_minutes, Some(-90));
    assert_eq!(captured.as_if_utc(), Some(asset.taken_sort));
}
