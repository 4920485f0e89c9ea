use domain::MediaType;
use media::Limits;
use proptest::prelude::{any, proptest};

use super::{open, tiff_carriers};
use crate::failure::Failure;

const LIMITS: Limits = Limits {
    max_pixels: 1 << 24,
    max_memory: 1 << 30,
    max_cpu_seconds: 9,
    max_output: 1 << 20,
};

/// One little-endian directory of LONG entries.
fn directory(entries: &[(u16, u32)]) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    bytes.extend((entries.len() as u16).to_le_bytes());
    for (tag, value) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(4_u16.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes
}

#[test]
fn panasonic_sizes_come_from_the_borders() {
    let bytes = directory(&[(4, 10), (5, 20), (6, 3010), (7, 4020)]);
    assert_eq!(
        tiff_carriers(MediaType::Rw2, &bytes).size,
        Some((4000, 3000))
    );
}

#[test]
fn without_a_preview_there_are_facts_but_no_picture() {
    let bytes = directory(&[(0x0100, 4000), (0x0101, 3000)]);
    let opened = open(MediaType::Nef, &bytes, 1440, &LIMITS);
    assert_eq!(opened.carriers.size, Some((4000, 3000)));
    assert!(matches!(opened.picture, Err(Failure::NoPicture(_))));
}

proptest! {
    #[test]
    fn arbitrary_files_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..700)) {
        let starts: [(MediaType, &[u8]); 5] = [
            (MediaType::Cr3, b"\0\0\0\x10ftypcrx \0\0\0\0\0\0\0\0moov\0\0\0\0uuid"),
            (MediaType::Raf, b"FUJIFILMCCD-RAW "),
            (MediaType::Crw, b"II\x1a\0\0\0HEAPCCDR"),
            (MediaType::Rw2, b"IIU\0\x08\0\0\0"),
            (MediaType::Nef, b"MM\0*\0\0\0\x08"),
        ];
        for (kind, start) in starts {
            let opened = open(kind, &[start, &bytes].concat(), 64, &LIMITS);
            crate::metadata::read(&opened.carriers);
        }
    }
}
