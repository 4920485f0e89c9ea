use domain::{ShareId, Timestamp};
use uuid::Uuid;

use crate::links::Signer;

const KEY: Signer = Signer::new([7; 32]);
const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn share(number: u128) -> ShareId {
    ShareId::from_uuid(Uuid::from_u128(number))
}

#[test]
fn an_address_names_its_link_and_no_other() {
    let token = KEY.share_token(share(1));
    assert_eq!(token.len(), 43);
    assert_eq!(KEY.read_share_token(&token), Some(share(1)));
    let mut forged = KEY.share_token(share(2));
    forged.replace_range(22.., &token[22..]);
    assert_eq!(KEY.read_share_token(&forged), None);
    assert_eq!(Signer::new([8; 32]).read_share_token(&token), None);
    for text in ["", "x", &token[..42], &format!("{token}A"), "ä"] {
        assert_eq!(KEY.read_share_token(text), None, "{text}");
    }
}

#[test]
fn a_pass_ends_with_its_time_and_with_the_password() {
    let until = NOW.plus_millis(1000);
    let pass = KEY.pass(share(1), Some("hash"), until);
    assert!(KEY.admits(&pass, share(1), Some("hash"), NOW));
    assert!(!KEY.admits(&pass, share(1), Some("hash"), until));
    assert!(!KEY.admits(&pass, share(1), Some("other"), NOW));
    assert!(!KEY.admits(&pass, share(1), None, NOW));
    assert!(!KEY.admits(&pass, share(2), Some("hash"), NOW));
    assert!(!KEY.admits("", share(1), Some("hash"), NOW));
}
