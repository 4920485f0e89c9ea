use super::{tiff_of, widen};

#[test]
fn samples_are_stretched_to_sixteen_bits() {
    assert_eq!(
        widen(&[0, 0, 0xff, 0x03, 0x00, 0x02], 10),
        [0, 65535, 32800]
    );
    assert_eq!(widen(&[0xff, 0xff], 16), [65535]);
    assert_eq!(widen(&[0xff, 0xff], 12), [65535]);
}

#[test]
fn exif_begins_where_its_offset_says() {
    assert_eq!(tiff_of(b"\0\0\0\x06Exif\0\0MM"), Some(b"MM".to_vec()));
    assert_eq!(tiff_of(b"\0\0\0\x00II"), Some(b"II".to_vec()));
    assert_eq!(tiff_of(b"\0\0\0\xffII"), None);
    assert_eq!(tiff_of(b"\0\0"), None);
}
