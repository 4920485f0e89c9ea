//! Uploads that may break off: one writer at a time, and every ending once.

use catalog::resumable::lease::{self, Heard, Key};
use catalog::resumable::parts::{self, Advance, Part};
use catalog::resumable::{self, Ending, Resumable, Role, State};
use domain::{Timestamp, UserId};
use uuid::Uuid;

use crate::world::{NOW, TENANT, World};

on_both! {
    one_holds_the_lease_until_it_is_silent
    the_latest_who_waits_is_let_in
    a_lost_lease_adds_nothing
    a_part_takes_the_place_of_the_one_it_begins_with
    an_upload_ends_once_and_gives_its_room_back
    a_final_upload_takes_its_parts_with_it
    keepers_find_what_is_due_and_what_is_stranded
}

const UNTIL: Timestamp = NOW.plus_millis(15_000);
const LATER: Timestamp = NOW.plus_millis(15_001);
const EXPIRES: Timestamp = NOW.plus_millis(60_000);

fn upload(world: &World, owner: UserId, length: u64) -> Resumable {
    Resumable {
        tenant: TENANT,
        id: world.id(),
        owner,
        role: Role::Whole,
        state: State::Open,
        length: Some(length),
        received: 0,
        reserved: length,
        metadata: String::new(),
        partials: Vec::new(),
        joined_by: None,
        asset: None,
        duplicate: false,
        problem: None,
        created_at: NOW,
        expires_at: EXPIRES,
    }
}

async fn add(world: &World, upload: &Resumable) {
    let row = upload.clone();
    write!(world, tx => {
        assert!(resumable::reserve(tx, TENANT, row.owner, row.reserved).await?);
        assert!(resumable::insert(tx, &row, 100).await?);
        assert!(resumable::join(tx, &row, NOW).await?);
        Ok(())
    });
}

fn key(upload: &Resumable, number: u128) -> Key {
    Key {
        tenant: TENANT,
        upload: upload.id,
        token: Uuid::from_u128(0xfeed_0000 + number),
    }
}

async fn take(world: &World, key: Key, now: Timestamp) -> bool {
    write!(world, tx => lease::take(tx, key, now, now.plus_millis(15_000)).await)
}

async fn keep(world: &World, key: Key) -> Heard {
    write!(world, tx => lease::keep(tx, key, UNTIL).await)
}

fn step(from: u64, to: u64) -> Advance {
    Advance {
        from,
        to,
        reserved: 100,
        length: None,
        lease_until: UNTIL,
        expires_at: EXPIRES,
        now: NOW,
    }
}

async fn advance(world: &World, key: Key, from: u64, to: u64) -> Heard {
    let step = step(from, to);
    write!(world, tx => parts::advance(tx, key, &step).await)
}

async fn get(world: &World, upload: &Resumable) -> Resumable {
    let id = upload.id;
    read!(world, tx => resumable::get(tx, TENANT, id).await).expect("an upload")
}

async fn close(world: &World, upload: &Resumable, state: State) -> bool {
    let id = upload.id;
    write!(world, tx => {
        let ending = Ending { state, problem: None, now: NOW };
        resumable::close(tx, TENANT, id, &ending).await
    })
}

/// Whether so much of somebody's quota of 100 is free.
async fn is_free(world: &World, owner: UserId, bytes: u64) -> bool {
    let tried: Result<(), catalog::Error> = world
        .db
        .write(move |tx| {
            Box::pin(async move {
                match resumable::reserve(tx, TENANT, owner, bytes).await? {
                    // Only asked: it is rolled back.
                    true => Err(catalog::Error::Busy),
                    false => Ok(()),
                }
            })
        })
        .await;
    tried.is_err()
}

async fn limited(world: &World, email: &'static str) -> UserId {
    let id = world.id();
    write!(world, tx => crate::world::add_user(tx, TENANT, id, email, Some(100)).await);
    id
}

async fn one_holds_the_lease_until_it_is_silent(world: &World) {
    let owner = world.user("a@example.org").await;
    let upload = upload(world, owner, 100);
    add(world, &upload).await;
    let (one, other) = (key(&upload, 1), key(&upload, 2));
    assert!(take(world, one, NOW).await);
    assert!(!take(world, other, NOW).await);
    assert_eq!(keep(world, one).await, Heard::Held);
    assert_eq!(keep(world, other).await, Heard::Lost);
    assert!(take(world, other, LATER).await, "silent past its end");
    assert_eq!(keep(world, one).await, Heard::Lost);
    write!(world, tx => lease::give_back(tx, one).await);
    assert_eq!(
        keep(world, other).await,
        Heard::Held,
        "it is not the first one's to give back"
    );
    write!(world, tx => lease::give_back(tx, other).await);
    assert!(take(world, one, NOW).await);
}

async fn the_latest_who_waits_is_let_in(world: &World) {
    let owner = world.user("a@example.org").await;
    let upload = upload(world, owner, 100);
    add(world, &upload).await;
    let (holder, early, late) = (key(&upload, 1), key(&upload, 2), key(&upload, 3));
    assert!(take(world, holder, NOW).await);
    for waiting in [early, late] {
        assert!(write!(world, tx => lease::want(tx, waiting).await));
        assert_eq!(keep(world, holder).await, Heard::Wanted);
    }
    assert!(!read!(world, tx => lease::is_wanted_by(tx, early).await));
    assert!(read!(world, tx => lease::is_wanted_by(tx, late).await));
    write!(world, tx => lease::give_back(tx, holder).await);
    assert!(take(world, late, NOW).await);
    assert_eq!(
        keep(world, late).await,
        Heard::Held,
        "nobody waits any more"
    );
}

async fn a_lost_lease_adds_nothing(world: &World) {
    let owner = world.user("a@example.org").await;
    let upload = upload(world, owner, 100);
    add(world, &upload).await;
    let (one, other) = (key(&upload, 1), key(&upload, 2));
    assert!(take(world, one, NOW).await);
    assert_eq!(advance(world, one, 0, 10).await, Heard::Held);
    assert_eq!(
        advance(world, one, 0, 20).await,
        Heard::Lost,
        "it is not there any more"
    );
    assert!(take(world, other, LATER).await);
    assert_eq!(advance(world, one, 10, 20).await, Heard::Lost);
    assert_eq!(advance(world, other, 10, 30).await, Heard::Held);
    assert_eq!(get(world, &upload).await.received, 30);
    assert!(close(world, &upload, State::Ended).await);
    assert_eq!(advance(world, other, 30, 40).await, Heard::Lost);
    assert!(
        !take(world, one, LATER).await,
        "nobody writes to what has ended"
    );
}

async fn a_part_takes_the_place_of_the_one_it_begins_with(world: &World) {
    let owner = world.user("a@example.org").await;
    let upload = upload(world, owner, 100);
    add(world, &upload).await;
    let part = |start, size, object: &str| Part {
        tenant: TENANT,
        upload: upload.id,
        start,
        size,
        blob: world.id(),
        object: object.to_owned(),
    };
    let (first, small, grown) = (part(0, 50, "a"), part(50, 1, "b"), part(50, 20, "c"));
    let known = [first.blob, small.blob, grown.blob];
    for part in [first.clone(), small, grown.clone()] {
        write!(world, tx => parts::put(tx, &part).await);
    }
    let id = upload.id;
    let all = read!(world, tx => parts::from(tx, TENANT, id, 0, 10).await);
    assert_eq!(all, [first.clone(), grown.clone()]);
    assert_eq!(
        read!(world, tx => parts::last(tx, TENANT, id).await),
        Some(grown.clone())
    );
    let rest = read!(world, tx => parts::from(tx, TENANT, id, 50, 10).await);
    assert_eq!(rest, std::slice::from_ref(&grown));
    let found = read!(world, tx => parts::known(tx, &known).await);
    assert_eq!(found, [first.blob, grown.blob].into());
    assert!(read!(world, tx => parts::spent(tx, 10).await).is_empty());
    assert!(close(world, &upload, State::Expired).await);
    let spent = read!(world, tx => parts::spent(tx, 10).await);
    assert_eq!(spent.len(), 2);
    let after = NOW.plus_millis(1);
    assert_eq!(
        write!(world, tx => resumable::forget(tx, after, 10).await),
        0,
        "parts first"
    );
    write!(world, tx => parts::remove(tx, &spent).await);
    assert_eq!(
        write!(world, tx => resumable::forget(tx, after, 10).await),
        1
    );
}

async fn an_upload_ends_once_and_gives_its_room_back(world: &World) {
    let owner = limited(world, "a@example.org").await;
    let upload = upload(world, owner, 90);
    add(world, &upload).await;
    assert!(!is_free(world, owner, 11).await);
    assert!(is_free(world, owner, 10).await);
    assert!(close(world, &upload, State::Failed).await);
    assert!(is_free(world, owner, 100).await);
    assert!(!close(world, &upload, State::Ended).await);
    assert_eq!(get(world, &upload).await.state, State::Failed);
    assert!(is_free(world, owner, 100).await && !is_free(world, owner, 101).await);
}

async fn a_final_upload_takes_its_parts_with_it(world: &World) {
    let owner = limited(world, "a@example.org").await;
    let mut partials = Vec::new();
    for _ in 0..2 {
        let partial = Resumable {
            role: Role::Partial,
            received: 40,
            ..upload(world, owner, 40)
        };
        add(world, &partial).await;
        partials.push(partial);
    }
    let last = Resumable {
        role: Role::Final,
        received: 80,
        reserved: 0,
        partials: partials.iter().map(|one| one.id).collect(),
        ..upload(world, owner, 80)
    };
    add(world, &last).await;
    assert_eq!(get(world, &last).await, last);
    assert_eq!(get(world, &partials[0]).await.joined_by, Some(last.id));
    let again = Resumable {
        id: world.id(),
        ..last.clone()
    };
    assert!(
        !write!(world, tx => resumable::join(tx, &again, NOW).await),
        "joined already"
    );
    assert!(!is_free(world, owner, 21).await);
    assert!(close(world, &last, State::Complete).await);
    assert!(is_free(world, owner, 100).await);
    for partial in &partials {
        assert_eq!(get(world, partial).await.state, State::Ended);
    }
}

async fn keepers_find_what_is_due_and_what_is_stranded(world: &World) {
    let owner = world.user("a@example.org").await;
    let [due, held, full] = [(); 3].map(|()| upload(world, owner, 100));
    for one in [&due, &held, &full] {
        add(world, one).await;
    }
    assert!(take(world, key(&full, 1), NOW).await);
    assert_eq!(advance(world, key(&full, 1), 0, 100).await, Heard::Held);
    let stranded = async |now| {
        let found = read!(world, tx => resumable::stranded(tx, now, 10).await);
        found.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    assert!(stranded(NOW).await.is_empty(), "it is being completed");
    assert_eq!(stranded(LATER).await, [full.id]);
    let after = EXPIRES.plus_millis(1);
    assert!(take(world, key(&held, 1), after).await);
    let found = read!(world, tx => resumable::due(tx, after, 10).await);
    let found: Vec<_> = found.into_iter().map(|one| one.id).collect();
    assert!(
        found.contains(&due.id) && !found.contains(&held.id),
        "{found:?}"
    );
    let open = read!(world, tx => resumable::open_of(tx, TENANT, owner, 10).await);
    assert_eq!(open.len(), 3);
}
