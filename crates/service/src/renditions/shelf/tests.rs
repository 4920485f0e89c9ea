use std::sync::Arc;

use bytes::Bytes;
use catalog::renditions::Shown;
use domain::{AssetId, TenantId, Timestamp};
use uuid::Uuid;

use super::{LIFE, Shelf};

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn asset() -> AssetId {
    AssetId::from_uuid(Uuid::from_u128(7))
}

fn shown() -> Arc<Shown> {
    Arc::new(Shown {
        tenant: TenantId::DEFAULT,
        containers: Vec::new(),
        withheld: false,
        renditions: Vec::new(),
    })
}

#[test]
fn a_standing_is_believed_for_two_seconds() {
    let shelf = Shelf::new(1 << 20);
    shelf.keep_standing(asset(), shown(), NOW, shelf.epoch());
    let at = |millis| shelf.standing(TenantId::DEFAULT, asset(), NOW.plus_millis(millis));
    assert!(at(0).is_some());
    assert!(at(LIFE - 1).is_some());
    assert!(at(LIFE).is_none());
    assert!(at(-1).is_none(), "a clock that was set back makes it old");
}

#[test]
fn what_was_read_before_a_change_is_not_remembered() {
    let shelf = Shelf::new(1 << 20);
    let epoch = shelf.epoch();
    shelf.forget(TenantId::DEFAULT, asset());
    shelf.keep_standing(asset(), shown(), NOW, epoch);
    assert!(shelf.standing(TenantId::DEFAULT, asset(), NOW).is_none());
}

#[test]
fn pictures_give_way_when_the_room_is_used_up() {
    let shelf = Shelf::new(1 << 20);
    let picture = Bytes::from(vec![0; 100 << 10]);
    for number in 0..100 {
        shelf.keep_picture(&format!("object {number}"), picture.clone());
    }
    let kept = (0..100)
        .filter(|number| shelf.picture(&format!("object {number}")).is_some())
        .count();
    assert!((1..=10).contains(&kept), "{kept} of 100 KiB each in 1 MiB");
}
