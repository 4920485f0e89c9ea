use bytes::Bytes;
use domain::{BlobId, TenantId};
use uuid::Uuid;

use super::{FrameKey, Sealer};
use crate::header::Header;
use crate::layout::{FRAME, HEADER, SEALED_FRAME, frame_count, sealed_size};

fn header() -> Header {
    Header::of_blob(TenantId::DEFAULT, BlobId::from_uuid(Uuid::from_u128(5)))
}

fn key() -> FrameKey {
    FrameKey::new(&[9; 32], &header())
}

fn seal(bytes: &[u8], piece: usize) -> Vec<u8> {
    let mut sealer = Sealer::new(&header(), Some(key()));
    let pieces: Vec<_> = bytes.chunks(piece).map(Bytes::copy_from_slice).collect();
    let mut out = Vec::new();
    for pair in pieces.chunks(2) {
        out.extend(sealer.push(pair));
    }
    out.extend(sealer.finish(&[]));
    out
}

#[test]
fn pieces_make_no_difference() {
    for size in [0, 1, FRAME, FRAME + 1, 3 * FRAME] {
        let bytes = vec![3; size as usize];
        let whole = seal(&bytes, usize::MAX);
        assert_eq!(whole.len() as u64, sealed_size(size));
        for piece in [777, 64 * 1024, 100_000] {
            assert!(seal(&bytes, piece) == whole, "{size} {piece}");
        }
        let last = frame_count(size) - 1;
        let opened = key().open_all(0, last, whole[HEADER as usize..].to_vec());
        assert!(opened.unwrap().concat() == bytes);
    }
}

#[test]
fn frames_are_frozen() {
    let sealed = seal(b"abc", 3);
    assert_eq!(
        hex::encode(&sealed[HEADER as usize..]),
        "87a106f766d4aadd9c9461cf1d103552edba67"
    );
}

#[test]
fn a_frame_opens_only_in_its_place() {
    let sealed = seal(&vec![1; 3 * FRAME as usize], 50_000);
    let frame = &sealed[HEADER as usize..][..SEALED_FRAME as usize];
    assert!(key().open_all(0, 2, frame.to_vec()).is_ok());
    assert_eq!(key().open_all(1, 2, frame.to_vec()), Err(1));
    assert_eq!(key().open_all(0, 0, frame.to_vec()), Err(0));
    let mut other = header();
    other.tenant = TenantId::from_uuid(Uuid::from_u128(2));
    let stranger = FrameKey::new(&[9; 32], &other);
    assert_eq!(stranger.open_all(0, 2, frame.to_vec()), Err(0));
}

#[test]
fn open_objects_are_header_and_bytes() {
    let mut sealer = Sealer::new(&header(), None);
    let mut out = sealer.push(&[Bytes::from_static(b"ab")]);
    out.extend(sealer.finish(&[Bytes::from_static(b"c")]));
    assert_eq!(out[..HEADER as usize], header().encode());
    assert_eq!(&out[HEADER as usize..], b"abc");
}
