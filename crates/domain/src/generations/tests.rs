use proptest::prelude::{any, prop_assert, proptest};

use super::Generations;

#[test]
fn what_is_used_stays() {
    let mut map = Generations::new(10);
    map.insert(0, "used");
    for n in 1..1000 {
        map.insert(n, "once");
        assert_eq!(map.get_mut(&0), Some(&mut "used"));
    }
    assert_eq!(map.get_mut(&1), None);
}

#[test]
fn what_is_removed_is_gone_from_both_generations() {
    let mut map = Generations::new(4);
    for n in 0..4 {
        map.insert(n, n);
    }
    for n in 0..4 {
        map.remove(&n);
        assert_eq!(map.get_mut(&n), None);
    }
    map.insert(9, 9);
    map.clear();
    assert_eq!(map.len(), 0);
}

proptest! {
    #[test]
    fn it_never_outgrows_its_capacity(keys in proptest::collection::vec(any::<u8>(), 0..500), capacity in 2_usize..50) {
        let mut map = Generations::new(capacity);
        for key in keys {
            if key % 3 == 0 {
                map.get_mut(&key);
            } else {
                map.insert(key, ());
                prop_assert!(map.get_mut(&key).is_some());
            }
            prop_assert!(map.len() <= capacity);
        }
    }
}
