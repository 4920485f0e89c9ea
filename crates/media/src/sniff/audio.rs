//! MPEG audio and AAC, which have no file header: an ID3 tag or two frames in a row.

use domain::MediaType;

use super::bytes::be_u32;

/// How far the first frame may lie behind the beginning: padding and torn starts are common.
const MAX_PADDING: usize = 1024;

/// The type of a bare audio stream.
pub(super) fn sniff(head: &[u8]) -> Option<MediaType> {
    if head.starts_with(b"ID3") && head.get(3).is_some_and(|version| (2..=4).contains(version)) {
        return Some(behind_tag(head));
    }
    if head.starts_with(b"ADIF") {
        return Some(MediaType::Aac);
    }
    let padding = head
        .iter()
        .take(MAX_PADDING)
        .take_while(|byte| **byte == 0)
        .count();
    frames(head.get(padding..)?)
}

/// ID3v2 precedes MP3 almost always, but AAC and FLAC may carry it too.
fn behind_tag(head: &[u8]) -> MediaType {
    let size = head
        .get(6..10)
        .unwrap_or_default()
        .iter()
        .fold(0_usize, |size, byte| size << 7 | usize::from(byte & 0x7f));
    match head.get(10 + size..) {
        Some(rest) if rest.starts_with(b"fLaC") => MediaType::Flac,
        Some(rest) => frames(rest).unwrap_or(MediaType::Mp3),
        None => MediaType::Mp3,
    }
}

/// Two frame headers, one exactly behind the other.
fn frames(head: &[u8]) -> Option<MediaType> {
    let first = be_u32(head, 0)?;
    if let Some(length) = adts_length(head) {
        return adts_length(head.get(length..)?).map(|_| MediaType::Aac);
    }
    let length = frame_length(first)?;
    let second = be_u32(head, length)?;
    // Version, layer and sampling rate do not change within a stream.
    let same = first & 0xfffe_0c00 == second & 0xfffe_0c00;
    (same && frame_length(second).is_some()).then_some(MediaType::Mp3)
}

/// Bytes of an ADTS frame (ISO/IEC 13818-7 §6.2).
fn adts_length(head: &[u8]) -> Option<usize> {
    let sync = head.first() == Some(&0xff) && head.get(1)? & 0xf6 == 0xf0;
    let length = (usize::from(head.get(3)? & 3) << 11)
        | (usize::from(*head.get(4)?) << 3)
        | (usize::from(*head.get(5)?) >> 5);
    (sync && length >= 7).then_some(length)
}

/// Bytes of an MPEG audio frame (ISO/IEC 11172-3 §2.4.2.3, 13818-3 for the lower rates).
fn frame_length(header: u32) -> Option<usize> {
    const V1: [[u32; 15]; 3] = [
        [
            0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448,
        ],
        [
            0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384,
        ],
        [
            0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
        ],
    ];
    const V2: [[u32; 15]; 3] = [
        [
            0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256,
        ],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];
    const RATES: [u32; 3] = [44_100, 48_000, 32_000];
    if header >> 21 != 0x7ff {
        return None;
    }
    let (table, divisor) = match header >> 19 & 3 {
        3 => (V1, 1),
        2 => (V2, 2),
        0 => (V2, 4),
        _ => return None,
    };
    // Layers are coded backwards: 3 is layer I.
    let layer = 3_usize
        .checked_sub((header >> 17 & 3) as usize)
        .filter(|l| *l < 3)?;
    let bits = table[layer].get((header >> 12 & 15) as usize)? * 1000;
    let rate = RATES.get((header >> 10 & 3) as usize)? / divisor;
    let padding = header >> 9 & 1;
    let length = match (layer, divisor) {
        (0, _) => (12 * bits / rate + padding) * 4,
        (2, 2 | 4) => 72 * bits / rate + padding,
        _ => 144 * bits / rate + padding,
    };
    (bits > 0 && length >= 24).then_some(length as usize)
}
