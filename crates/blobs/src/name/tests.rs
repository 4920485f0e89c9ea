use domain::{BlobId, Sha256, TenantId, UploadId};
use uuid::Uuid;

use super::ObjectName;

fn blob() -> ObjectName {
    ObjectName::blob(
        TenantId::DEFAULT,
        Sha256::of(b"abc"),
        BlobId::from_uuid(Uuid::from_u128(0x0190_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0001)),
    )
}

fn early() -> ObjectName {
    let blob = BlobId::from_uuid(Uuid::from_u128(0x0190_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0001));
    ObjectName::early(TenantId::DEFAULT, blob)
}

fn preview() -> ObjectName {
    ObjectName::derived(TenantId::DEFAULT, Sha256::of(b"abc"), "preview", 3).unwrap()
}

fn part() -> ObjectName {
    ObjectName::Part {
        tenant: TenantId::DEFAULT,
        upload: UploadId::from_uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0007)),
        blob: BlobId::from_uuid(Uuid::from_u128(0x0190_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0001)),
    }
}

#[test]
fn names_are_frozen() {
    assert_eq!(
        blob().to_string(),
        "00000000-0000-0000-0000-000000000001/ba/78/\
         ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\
         .0190aaaa-bbbb-7ccc-8ddd-eeeeffff0001"
    );
    assert_eq!(
        early().to_string(),
        "00000000-0000-0000-0000-000000000001/0190aaaa-bbbb-7ccc-8ddd-eeeeffff0001"
    );
    assert_eq!(early().binding(), blob().binding());
    assert_eq!(
        preview().to_string(),
        "derived/00000000-0000-0000-0000-000000000001/ba/\
         ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad/preview@3"
    );
    assert_eq!(
        part().to_string(),
        "parts/00000000-0000-0000-0000-000000000001/01900000-0000-7000-8000-000000000007/\
         0190aaaa-bbbb-7ccc-8ddd-eeeeffff0001"
    );
    assert_eq!(
        preview().binding().to_string(),
        "8e00be6c-d58d-4806-1484-b4dc564f053f"
    );
}

#[test]
fn text_comes_back() {
    for name in [blob(), early(), preview(), part()] {
        assert_eq!(name.to_string().parse(), Ok(name));
    }
}

#[test]
fn only_the_one_spelling_is_a_name() {
    let blob = blob().to_string();
    let preview = preview().to_string();
    for bad in [
        String::new(),
        "keyring.json".to_owned(),
        "staging/1".to_owned(),
        blob.to_uppercase(),
        blob.replace("/ba/", "/bb/"),
        blob.replace("/78/", "/../"),
        format!("{blob}/"),
        early().to_string().to_uppercase(),
        format!("{}/", early()),
        preview.replace("@3", "@03"),
        preview.replace("@3", ""),
        preview.replace("preview", "../preview"),
        preview.replace("preview", ".preview"),
    ] {
        assert!(bad.parse::<ObjectName>().is_err(), "{bad}");
    }
}

#[test]
fn derived_names_hold_no_paths() {
    for bad in ["", "a/b", "..", ".a", "A", "ä", &"x".repeat(65)] {
        assert!(ObjectName::derived(TenantId::DEFAULT, Sha256::of(b""), bad, 1).is_err());
    }
}
