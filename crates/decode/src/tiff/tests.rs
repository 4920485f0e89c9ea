use proptest::prelude::{any, proptest};

use super::{Tiff, tag};

/// A little-endian file of one directory that names itself as the next and as a child.
fn cyclic() -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0\x02\0".to_vec();
    for (tag, kind, value) in [(tag::IMAGE_WIDTH, 3_u16, 640_u32), (tag::SUB_IFDS, 4, 8)] {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend(8_u32.to_le_bytes());
    bytes
}

#[test]
fn a_directory_is_visited_once() {
    let bytes = cyclic();
    let directories = Tiff::open(&bytes).unwrap().directories();
    assert_eq!(directories.len(), 1);
    assert_eq!(directories[0].number(tag::IMAGE_WIDTH), Some(640));
    assert_eq!(directories[0].number(tag::IMAGE_LENGTH), None);
}

proptest! {
    #[test]
    fn arbitrary_directories_never_panic(
        little in any::<bool>(),
        bytes in proptest::collection::vec(any::<u8>(), 0..1024),
    ) {
        let start: &[u8] = if little { b"II*\0\x08\0\0\0" } else { b"MM\0*\0\0\0\x08" };
        let file = [start, &bytes].concat();
        for directory in Tiff::open(&file).unwrap().directories() {
            for entry in &directory.entries {
                entry.numbers().count();
                entry.rationals();
            }
        }
    }
}
