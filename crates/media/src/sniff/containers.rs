//! Containers that hold either pictures or sound: RIFF, Matroska, Ogg, ASF, IFF, MPEG streams.

use domain::MediaType;

use super::bytes::{array, find};

/// The type of a file in one of these containers.
pub(super) fn sniff(head: &[u8]) -> Option<MediaType> {
    match &array::<4>(head, 0)? {
        b"RIFF" | b"RF64" => match &array::<4>(head, 8)? {
            b"WEBP" => Some(MediaType::WebP),
            b"WAVE" => Some(MediaType::Wav),
            b"AVI " => Some(MediaType::Avi),
            _ => None,
        },
        b"FORM" => match &array::<4>(head, 8)? {
            b"AIFF" | b"AIFC" => Some(MediaType::Aiff),
            _ => None,
        },
        b"OggS" => Some(ogg(head)),
        b"\x1a\x45\xdf\xa3" => Some(matroska(head)),
        b"\x30\x26\xb2\x75" => Some(asf(head)),
        // Pack header and sequence header, ISO/IEC 13818-1 §2.5.3.3 and 11172-2.
        b"\x00\x00\x01\xba" | b"\x00\x00\x01\xb3" => Some(MediaType::Mpeg),
        _ => is_transport_stream(head).then_some(MediaType::MpegTs),
    }
}

/// Each logical stream begins with a page of its own (RFC 3533 §4); any that is a picture wins.
fn ogg(head: &[u8]) -> MediaType {
    const BEGINNING: u8 = 2;
    const PICTURES: &[&[u8]] = &[b"\x80theora", b"\x01video", b"BBCD\0", b"OVP80"];
    let mut rest = head;
    while rest.starts_with(b"OggS") && rest.get(5).is_some_and(|flags| flags & BEGINNING != 0) {
        let Some(segments) = rest.get(26).map(|count| usize::from(*count)) else {
            break;
        };
        let body = 27 + segments;
        let size: usize = rest
            .get(27..body)
            .unwrap_or_default()
            .iter()
            .map(|length| usize::from(*length))
            .sum();
        let Some(packet) = rest.get(body..) else {
            break;
        };
        if PICTURES.iter().any(|magic| packet.starts_with(magic)) {
            return MediaType::OggVideo;
        }
        rest = packet.get(size..).unwrap_or_default();
    }
    MediaType::Ogg
}

/// DocType (0x4282, RFC 8794 §11.2.5) within the EBML header.
fn matroska(head: &[u8]) -> MediaType {
    let header = &head[..head.len().min(128)];
    let is_webm = find(header, b"\x42\x82")
        .and_then(|at| header.get(at + 3..at + 7))
        .is_some_and(|name| name == b"webm");
    if is_webm {
        MediaType::WebM
    } else {
        MediaType::Matroska
    }
}

/// A stream of type video, by its GUID in the stream properties (ASF specification §10.2).
fn asf(head: &[u8]) -> MediaType {
    const VIDEO: &[u8] = b"\xc0\xef\x19\xbc\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b";
    if find(head, VIDEO).is_some() {
        MediaType::Wmv
    } else {
        MediaType::Wma
    }
}

/// The sync byte at the beginning of several packets of 188 bytes, or of 192 with time codes.
fn is_transport_stream(head: &[u8]) -> bool {
    const SYNC: u8 = 0x47;
    [(0, 188), (4, 192)].into_iter().any(|(first, length)| {
        (0..3).all(|packet| head.get(first + packet * length) == Some(&SYNC))
    })
}
