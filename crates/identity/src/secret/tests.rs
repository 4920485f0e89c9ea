use domain::{SeededEntropy, SessionId};
use proptest::prelude::{any, prop_assert, prop_assert_eq, prop_assume, proptest};
use uuid::Uuid;

use super::{SessionSecret, TagKey, fresh_key, key_hash, key_prefix};

fn key(byte: u8) -> TagKey {
    TagKey::new(&[byte; 32]).expect("HMAC takes any key")
}

fn secret(seed: u64) -> SessionSecret {
    let session = SessionId::from_uuid(Uuid::from_u128(u128::from(seed)));
    SessionSecret::fresh(session, &SeededEntropy::new(seed))
}

proptest! {
    #[test]
    fn what_was_written_is_read(seed in any::<u64>()) {
        let secret = secret(seed);
        let text = secret.write(&key(1));
        prop_assert_eq!(text.len(), 86);
        let read = SessionSecret::read(&text, &key(1)).expect("ours");
        prop_assert!(read == secret);
        prop_assert_eq!(read.hash(), secret.hash());
        prop_assert!(SessionSecret::read(&text, &key(2)).is_none());
    }

    #[test]
    fn one_changed_letter_is_a_forgery(seed in any::<u64>(), at in 0_usize..86, with in "[A-Za-z0-9_-]") {
        let text = secret(seed).write(&key(1));
        let mut forged = text.clone();
        forged.replace_range(at..=at, &with);
        prop_assume!(forged != text);
        prop_assert!(SessionSecret::read(&forged, &key(1)).is_none());
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        prop_assert!(SessionSecret::read(&text, &key(1)).is_none());
        prop_assert!(key_hash(&text).is_none());
    }

    #[test]
    fn keys_are_read_whole_or_not_at_all(seed in any::<u64>(), cut in 0_usize..47) {
        let key = fresh_key(&SeededEntropy::new(seed));
        prop_assert_eq!(key.len(), 47);
        prop_assert!(key_hash(&key).is_some());
        prop_assert!(key_hash(&key[..cut]).is_none());
        prop_assert_eq!(key_prefix(&key), &key[..10]);
    }
}
