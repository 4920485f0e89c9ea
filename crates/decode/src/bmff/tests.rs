use proptest::prelude::{any, proptest};

use super::{boxes, find};

#[test]
fn boxes_come_in_order_and_the_last_may_be_cut() {
    let bytes = b"\0\0\0\x0cabcd1234\0\0\0\x01wide\0\0\0\0\0\0\0\x12xy\0\0\x10\0last!";
    let kinds: Vec<_> = boxes(bytes)
        .map(|found| (found.kind, found.body.len()))
        .collect();
    assert_eq!(kinds, [(*b"abcd", 4), (*b"wide", 2), (*b"last", 1)]);
    assert_eq!(find(bytes, b"wide"), Some(b"xy".as_slice()));
}

proptest! {
    #[test]
    fn arbitrary_boxes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        boxes(&bytes).count();
        boxes(&[b"\0\0\0\x01....".as_slice(), &bytes].concat()).count();
    }
}
