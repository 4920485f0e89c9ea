use media::Limits;
use proptest::prelude::{any, proptest};

use super::open;
use crate::failure::Failure;
use crate::picture::Samples;

const LIMITS: Limits = Limits {
    max_pixels: 1 << 20,
    max_memory: 1 << 28,
    max_cpu_seconds: 9,
    max_output: 1 << 20,
};

/// A document without layers: 3 × 1 pixels, RGB, eight bits.
fn document(compression: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"8BPS\0\x01\0\0\0\0\0\0\0\x03\0\0\0\x01\0\0\0\x03\0\x08\0\x03".to_vec();
    bytes.extend([0; 12]);
    bytes.extend(compression.to_be_bytes());
    bytes.extend(data);
    bytes
}

fn samples(bytes: &[u8]) -> Result<Vec<u8>, Failure> {
    match open(bytes, &LIMITS).picture?.picture.samples {
        Samples::Eight(samples) => Ok(samples),
        Samples::Sixteen(_) => panic!("eight bits were stored"),
    }
}

#[test]
fn planes_become_pixels_plain_and_packed() {
    let expected = [1, 4, 7, 2, 5, 8, 3, 6, 9];
    assert_eq!(
        samples(&document(0, &[1, 2, 3, 4, 5, 6, 7, 8, 9])).unwrap(),
        expected
    );
    let packed = [
        0, 4, 0, 4, 0, 4, // lengths of three rows
        2, 1, 2, 3, 2, 4, 5, 6, 2, 7, 8, 9,
    ];
    assert_eq!(samples(&document(1, &packed)).unwrap(), expected);
    let runs = [0, 2, 0, 2, 0, 2, 254, 7, 254, 8, 254, 9];
    assert_eq!(
        samples(&document(1, &runs)).unwrap(),
        [7, 8, 9, 7, 8, 9, 7, 8, 9]
    );
}

#[test]
fn what_is_cut_off_is_damaged() {
    assert!(matches!(
        samples(&document(0, &[1, 2])),
        Err(Failure::Damaged(_))
    ));
    assert!(matches!(samples(b"8BPS\0\x01"), Err(Failure::Damaged(_))));
}

proptest! {
    #[test]
    fn arbitrary_documents_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        // Only that there is an outcome matters.
        let _ = samples(&document(1, &bytes)).is_ok();
        let _ = samples(&[b"8BPS\0\x01".as_slice(), &bytes].concat()).is_ok();
    }
}
