//! Canon CR3: ISO base media with Canon's boxes (laurent Clévy's description of the format).

use crate::bmff;
use crate::metadata::{Carriers, ExifBlock};
use crate::tiff::{Tiff, tag};

/// User type of the box in `moov` that holds Canon's boxes.
const CANON_UUID: [u8; 16] = [
    0x85, 0xc0, 0xb6, 0x87, 0x82, 0x0f, 0x11, 0xe0, 0x81, 0x11, 0xf4, 0xce, 0x46, 0x2b, 0x6a, 0x48,
];

pub(super) fn carriers(input: &[u8]) -> Carriers {
    let canon = bmff::find(input, b"moov")
        .and_then(|moov| bmff::find_uuid(moov, &CANON_UUID))
        .unwrap_or_default();
    let part = |kind| bmff::find(canon, kind).unwrap_or_default().to_vec();
    let main = part(b"CMT1");
    Carriers {
        size: size(&main),
        exif: vec![ExifBlock::Apart {
            main,
            exif: part(b"CMT2"),
            gps: part(b"CMT4"),
        }],
        xmp: bmff::find_uuid(input, &bmff::XMP_UUID)
            .map(<[u8]>::to_vec)
            .into_iter()
            .collect(),
        ..Carriers::default()
    }
}

fn size(main: &[u8]) -> Option<(u32, u32)> {
    let main = Tiff::open(main)?.first()?;
    Some((
        main.number(tag::IMAGE_WIDTH)?,
        main.number(tag::IMAGE_LENGTH)?,
    ))
}
