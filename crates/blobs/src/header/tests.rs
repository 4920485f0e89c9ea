use domain::{BlobId, Sha256, TenantId};
use uuid::Uuid;

use super::{Header, Lock};
use crate::name::ObjectName;

fn name() -> ObjectName {
    let blob = BlobId::from_uuid(Uuid::from_u128(0x0190_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0001));
    ObjectName::blob(TenantId::DEFAULT, Sha256::of(b"abc"), blob)
}

fn locked() -> Header {
    let mut header = Header::of(&name());
    header.lock = Some(Lock {
        key: 7,
        nonce: [0xa1; 12],
        wrapped: [0xb2; 48],
    });
    header
}

#[test]
fn layout_is_frozen() {
    let expected = [
        "894d56420d0a1a0a",                 // magic
        "01011000",                         // version, mode, frame, kind
        "00000007",                         // tenant key
        "00000000000000000000000000000001", // tenant
        "0190aaaabbbb7ccc8dddeeeeffff0001", // blob
        &"a1".repeat(12),
        "00000000",
        &"b2".repeat(48),
        &"00".repeat(12),
    ]
    .concat();
    let bytes = locked().encode();
    assert_eq!(hex::encode(&bytes[..124]), expected);
    assert_eq!(bytes[124..], crc32fast::hash(&bytes[..124]).to_be_bytes());
}

#[test]
fn both_modes_come_back() {
    for header in [locked(), Header::of(&name())] {
        assert_eq!(Header::decode(&header.encode()), Ok(header));
    }
}

#[test]
fn every_flipped_bit_is_seen() {
    for header in [locked(), Header::of(&name())] {
        let bytes = header.encode();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Header::decode(&flipped).is_err(), "bit {bit}");
        }
    }
}

#[test]
fn a_forged_checksum_does_not_make_a_header() {
    for (at, value) in [(9, 2), (10, 17), (11, 2), (15, 0), (60, 1), (112, 1)] {
        let mut bytes = locked().encode();
        bytes[at] = value;
        let sum = crc32fast::hash(&bytes[..124]);
        bytes[124..].copy_from_slice(&sum.to_be_bytes());
        assert!(Header::decode(&bytes).is_err(), "byte {at}");
    }
}
