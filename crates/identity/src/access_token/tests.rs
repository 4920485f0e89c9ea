use domain::{Permission, Permissions, SessionId, TenantId, Timestamp, UserId};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use proptest::prelude::{any, prop_assert, proptest};
use uuid::Uuid;

use super::{AccessTokens, Claims, Subject};

const KEY: [u8; 32] = [1; 32];
const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_500);

fn tokens() -> AccessTokens {
    AccessTokens::new(&KEY, "https://vault.example", 900)
}

fn subject() -> Subject {
    Subject {
        user: UserId::from_uuid(Uuid::from_u128(1)),
        tenant: TenantId::DEFAULT,
        session: SessionId::from_uuid(Uuid::from_u128(2)),
        scopes: Permissions::from_iter([Permission::AssetsRead]),
        role: "user".to_owned(),
    }
}

fn claims() -> Claims {
    let token = tokens().sign(subject(), NOW).expect("signed");
    tokens().read(&token, NOW).expect("ours")
}

/// A token with these claims, signed with our very key.
fn signed(algorithm: Algorithm, claims: &Claims) -> String {
    encode(
        &Header::new(algorithm),
        claims,
        &EncodingKey::from_secret(&KEY),
    )
    .expect("signed")
}

#[test]
fn a_token_is_read_until_it_ends() {
    let token = tokens().sign(subject(), NOW).expect("signed");
    let claims = tokens().read(&token, NOW).expect("ours");
    assert_eq!((claims.iat, claims.exp), (1_700_000_000, 1_700_000_900));
    assert!(tokens().read(&token, NOW.plus_millis(899_499)).is_some());
    assert!(tokens().read(&token, NOW.plus_millis(899_500)).is_none());
}

#[test]
fn only_our_algorithm_issuer_and_audience_count() {
    let good = claims();
    assert!(
        tokens()
            .read(&signed(Algorithm::HS256, &good), NOW)
            .is_some()
    );
    assert!(
        tokens()
            .read(&signed(Algorithm::HS384, &good), NOW)
            .is_none()
    );
    assert!(
        tokens()
            .read(&signed(Algorithm::HS512, &good), NOW)
            .is_none()
    );
    let other = |change: fn(&mut Claims)| {
        let mut claims = claims();
        change(&mut claims);
        signed(Algorithm::HS256, &claims)
    };
    assert!(
        tokens()
            .read(&other(|c| c.iss = "https://evil.example".to_owned()), NOW)
            .is_none()
    );
    assert!(
        tokens()
            .read(&other(|c| c.aud = "https://evil.example".to_owned()), NOW)
            .is_none()
    );
}

#[test]
fn another_key_signs_nothing_for_us() {
    let token = AccessTokens::new(&[2; 32], "https://vault.example", 900)
        .sign(subject(), NOW)
        .expect("signed");
    assert!(tokens().read(&token, NOW).is_none());
}

proptest! {
    #[test]
    fn any_text_is_refused(text in any::<String>()) {
        prop_assert!(tokens().read(&text, NOW).is_none());
    }

    #[test]
    fn one_changed_letter_is_a_forgery(at in any::<proptest::sample::Index>(), with in "[A-Za-z0-9_-]") {
        let token = tokens().sign(subject(), NOW).expect("signed");
        let at = at.index(token.len());
        let mut forged = token.clone();
        forged.replace_range(at..=at, &with);
        if forged != token {
            // The last letter of a part may hold unused bits; decoders refuse those too.
            prop_assert!(tokens().read(&forged, NOW).is_none());
        }
    }
}
