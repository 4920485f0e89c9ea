use super::{base64, of};
use crate::picture::Finished;

#[test]
fn base64_is_rfc_4648() {
    for (bytes, text) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foobar", "Zm9vYmFy"),
    ] {
        assert_eq!(base64(bytes.as_bytes()), text);
    }
}

#[test]
fn a_flat_picture_has_the_average_of_its_colour() {
    let picture = Finished {
        width: 120,
        height: 80,
        alpha: false,
        samples: [255, 0, 0].repeat(120 * 80),
    };
    // By the reference implementation of ThumbHash (thumbhash.js, rgbaToThumbHash) for 100 × 67
    // opaque red pixels: header 0x6bfd5 little-endian with L = P = Q quantised, no detail.
    let hash = of(&picture).unwrap();
    assert_eq!(hash.len() % 4, 0);
    let bytes = fast_thumbhash::rgba_to_thumb_hash(100, 67, &[255, 0, 0, 255].repeat(6700));
    assert_eq!(hash, base64(&bytes));
    let (r, g, b, a) = fast_thumbhash::thumb_hash_to_average_rgba(&bytes).unwrap();
    assert!(r > 0.95 && g < 0.05 && b < 0.05 && a > 0.99);
}
