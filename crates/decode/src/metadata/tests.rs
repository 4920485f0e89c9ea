use super::{Carriers, ExifBlock, read};

/// A big-endian block with orientation 6, a maker with trailing spaces and an empty model.
fn block() -> ExifBlock {
    let mut bytes = b"MM\0*\0\0\0\x08\0\x03".to_vec();
    let mut entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        bytes.extend(tag.to_be_bytes());
        bytes.extend(kind.to_be_bytes());
        bytes.extend(count.to_be_bytes());
        bytes.extend(value);
    };
    entry(0x010f, 2, 4, *b"HP \0");
    entry(0x0110, 2, 2, *b" \0\0\0");
    entry(0x0112, 3, 1, [0, 6, 0, 0]);
    bytes.extend([0; 4]);
    ExifBlock::Whole(bytes)
}

#[test]
fn sizes_are_given_as_displayed() {
    let carriers = Carriers {
        exif: vec![block()],
        size: Some((640, 480)),
        ..Carriers::default()
    };
    let facts = read(&carriers).facts;
    assert_eq!((facts.width, facts.height), (Some(480), Some(640)));
    assert_eq!(facts.orientation, Some(6));
    assert_eq!(facts.camera.make.as_deref(), Some("HP"));
    assert_eq!(facts.camera.model, None);
}

#[test]
fn a_container_that_turns_its_picture_is_left_alone() {
    let carriers = Carriers {
        exif: vec![block()],
        size: Some((640, 480)),
        turned_by_container: true,
        ..Carriers::default()
    };
    let facts = read(&carriers).facts;
    assert_eq!((facts.width, facts.height), (Some(640), Some(480)));
}
