use domain::Timestamp;

use super::Cache;

const NOW: Timestamp = Timestamp::from_millis(1_000_000);

#[test]
fn an_entry_lives_two_seconds() {
    let cache = Cache::new();
    cache.put("key", 1, NOW, cache.epoch());
    assert_eq!(cache.get(&"key", NOW.plus_millis(1999)), Some(1));
    assert_eq!(cache.get(&"key", NOW.plus_millis(2000)), None);
    assert_eq!(cache.get(&"key", NOW.plus_millis(-1)), None);
}

#[test]
fn a_read_that_was_under_way_does_not_bring_back_what_was_revoked() {
    let cache = Cache::new();
    let before = cache.epoch();
    cache.forget(&"key");
    cache.put("key", 1, NOW, before);
    assert_eq!(cache.get(&"key", NOW), None);
    let before = cache.epoch();
    cache.forget_all();
    cache.put("key", 1, NOW, before);
    assert_eq!(cache.get(&"key", NOW), None);
    cache.put("key", 1, NOW, cache.epoch());
    assert_eq!(cache.get(&"key", NOW), Some(1));
}
