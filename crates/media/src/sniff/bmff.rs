//! ISO base media (ISO/IEC 14496-12) and QuickTime: the brands of `ftyp` say what it is.

use domain::MediaType;

use super::bytes::{array, be_u32, be_u64, find};

/// How many boxes or brands are looked at before giving up.
const MAX_ITEMS: usize = 64;

/// The type of an ISO base media or QuickTime file.
pub(super) fn sniff(head: &[u8]) -> Option<MediaType> {
    match &array::<4>(head, 4)? {
        b"ftyp" => Some(by_brand(head)),
        b"moov" | b"mdat" | b"wide" | b"pnot" => Some(MediaType::QuickTime),
        b"free" | b"skip" => second_box(head),
        _ => None,
    }
}

/// QuickTime files from before `ftyp` may begin with padding.
fn second_box(head: &[u8]) -> Option<MediaType> {
    let size = usize::try_from(be_u32(head, 0)?).ok()?;
    let name = array::<4>(head, size.checked_add(4)?)?;
    matches!(&name, b"moov" | b"mdat" | b"wide").then_some(MediaType::QuickTime)
}

fn by_brand(head: &[u8]) -> MediaType {
    let Some(major) = array::<4>(head, 8) else {
        return MediaType::Mp4;
    };
    let size = be_u32(head, 0).map_or(0, |size| size as usize);
    let compatible: Vec<[u8; 4]> = (16..size.min(head.len()))
        .step_by(4)
        .take(MAX_ITEMS)
        .filter_map(|at| array(head, at))
        .collect();
    match &major {
        b"crx " => MediaType::Cr3,
        b"avif" | b"avis" => MediaType::Avif,
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => {
            MediaType::Heic
        }
        // The image file format without a codec's name: only AV1 must be told from the others,
        // because RFC 9540 style readers treat `image/avif` apart.
        b"mif1" | b"mif2" | b"msf1" | b"miaf" | b"jpeg" | b"avci" | b"vvic" => {
            if compatible
                .iter()
                .any(|brand| brand == b"avif" || brand == b"avis")
            {
                MediaType::Avif
            } else {
                MediaType::Heif
            }
        }
        b"qt  " => MediaType::QuickTime,
        b"M4A " | b"M4B " | b"M4P " | b"F4A " | b"F4B " => MediaType::M4a,
        [b'3', b'g', b'p' | b'2' | b'g' | b'r' | b's' | b'e', _] => MediaType::ThreeGp,
        _ if sound_only(head) => MediaType::M4a,
        _ => MediaType::Mp4,
    }
}

/// Whether the movie box lies within `head` and has sound tracks but no pictures.
fn sound_only(head: &[u8]) -> bool {
    let mut at = 0_usize;
    for _ in 0..MAX_ITEMS {
        let (Some(size), Some(name)) = (be_u32(head, at), array::<4>(head, at + 4)) else {
            return false;
        };
        let size = match size {
            1 => be_u64(head, at + 8).and_then(|size| usize::try_from(size).ok()),
            size => usize::try_from(size).ok(),
        };
        let Some(end) = size
            .filter(|size| *size >= 8)
            .and_then(|size| at.checked_add(size))
        else {
            return false;
        };
        if &name == b"moov" {
            return head.get(at..end).is_some_and(|moov| {
                handler(moov, b"soun") && !handler(moov, b"vide") && !handler(moov, b"pict")
            });
        }
        at = end;
    }
    false
}

/// Whether a `hdlr` box of this type is somewhere inside.
fn handler(moov: &[u8], kind: &[u8; 4]) -> bool {
    let mut rest = moov;
    while let Some(at) = find(rest, b"hdlr") {
        if array::<4>(rest, at + 12).as_ref() == Some(kind) {
            return true;
        }
        rest = &rest[at + 4..];
    }
    false
}
