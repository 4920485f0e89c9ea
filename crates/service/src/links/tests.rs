use domain::{AssetId, Code, TenantId, Timestamp, UserId};

use super::{Grant, Signer};

fn grant(target: &str) -> Grant {
    Grant::Read {
        tenant: TenantId::DEFAULT,
        signer: UserId::from_uuid(TenantId::DEFAULT.uuid()),
        asset: AssetId::from_uuid(TenantId::DEFAULT.uuid()),
        target: target.to_owned(),
        download: false,
    }
}

#[test]
fn a_link_holds_for_exactly_what_it_says_until_its_time() {
    let signer = Signer::new([7; 32]);
    let (now, expires) = (Timestamp::from_millis(1_000), Timestamp::from_millis(2_000));
    let signature = signer.sign(&grant("thumb"), expires);
    let code = |grant: &Grant, expires, signature: &str, now| {
        signer
            .check(grant, expires, signature, now)
            .map_err(|error| error.code())
    };

    assert_eq!(code(&grant("thumb"), expires, &signature, now), Ok(()));
    assert_eq!(
        code(&grant("thumb"), expires, &signature, expires),
        Err(Code::LinkExpired)
    );
    assert_eq!(
        code(&grant("content"), expires, &signature, now),
        Err(Code::BadSignature)
    );
    let later = Timestamp::from_millis(9_000);
    assert_eq!(
        code(&grant("thumb"), later, &signature, now),
        Err(Code::BadSignature)
    );
    assert_eq!(
        code(&grant("thumb"), expires, "", now),
        Err(Code::BadSignature)
    );
    assert_eq!(
        code(&grant("thumb"), expires, &signature[1..], now),
        Err(Code::BadSignature)
    );
    let other = Signer::new([8; 32]);
    assert!(
        other
            .check(&grant("thumb"), expires, &signature, now)
            .is_err()
    );
}
