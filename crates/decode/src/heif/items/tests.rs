use proptest::prelude::{any, proptest};

use super::{mended, read};

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut bytes = (body.len() as u32 + 8).to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(body);
    bytes
}

/// A file with one EXIF item kept in `idat`, described by a reference.
fn file() -> Vec<u8> {
    let infe = boxed(b"infe", b"\x02\0\0\0\0\x07\0\0Exif\0");
    let iinf = boxed(b"iinf", &[b"\0\0\0\0\0\x01".as_slice(), &infe].concat());
    let iloc = boxed(
        b"iloc",
        b"\x01\0\0\0\x44\0\0\x01\0\x07\0\x01\0\0\0\x01\0\0\0\x02\0\0\0\x03",
    );
    let idat = boxed(b"idat", b"..abc..");
    let cdsc = boxed(b"cdsc", b"\0\x07\0\x01\0\x01");
    let iref = boxed(b"iref", &[b"\0\0\0\0".as_slice(), &cdsc].concat());
    let body = [b"\0\0\0\0".as_slice(), &iinf, &iloc, &idat, &iref].concat();
    [boxed(b"ftyp", b"heic\0\0\0\0"), boxed(b"meta", &body)].concat()
}

#[test]
fn items_are_found_where_they_lie() {
    let items = read(&file());
    assert_eq!(items.exif.as_deref(), Some(b"abc".as_slice()));
    assert_eq!(items.xmp, None);
}

#[test]
fn mending_renames_references_and_nothing_else() {
    let file = file();
    let copy = mended(&file).unwrap();
    assert_eq!(copy.len(), file.len());
    let changed = file.iter().zip(&copy).filter(|(a, b)| a != b).count();
    assert!((1..=4).contains(&changed));
    assert_eq!(read(&copy).exif, read(&file).exif);
    assert_eq!(mended(b"\0\0\0\x08ftyp"), None);
}

proptest! {
    #[test]
    fn arbitrary_items_never_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..60),
        at in 0_usize..150,
    ) {
        let mut file = file();
        let at = at.min(file.len());
        let end = (at + bytes.len()).min(file.len());
        file.splice(at..end, bytes);
        read(&file);
        mended(&file);
    }
}
