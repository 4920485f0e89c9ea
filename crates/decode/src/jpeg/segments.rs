//! The marker segments of a JPEG (ITU-T T.81 annex B) up to the first scan: size, and the carriers
//! of metadata and colour. Lengths are taken as hints; whatever lies outside the file is not there.

/// How many segments are looked at; real files have a few dozen.
const MAX_SEGMENTS: usize = 1000;

/// Bytes that may stand between segments.
const MAX_GAP: usize = 4096;

/// What lies before the first scan.
#[derive(Debug, Default)]
pub(crate) struct Segments<'a> {
    /// Pixels across and down, from the frame header.
    pub(crate) size: Option<(u32, u32)>,
    /// Whether the frame is progressive.
    pub(crate) progressive: bool,
    /// Whether the frame is lossless (T.81 annex H), as sensor data is.
    pub(crate) lossless: bool,
    /// TIFF structure of the first EXIF segment.
    pub(crate) exif: Option<&'a [u8]>,
    /// The standard XMP packet.
    pub(crate) xmp: Option<&'a [u8]>,
    /// Parts of an extended XMP packet with their offsets (XMP part 3 §1.1.3.1).
    extended_xmp: Vec<(u32, &'a [u8])>,
    /// Parts of an ICC profile with their numbers (ICC.1:2022 annex B.4).
    icc: Vec<(u8, &'a [u8])>,
    /// Photoshop image resources, which carry IPTC, in order.
    photoshop: Vec<&'a [u8]>,
}

impl<'a> Segments<'a> {
    /// Reads the segments of `input`, as far as they go.
    pub(crate) fn read(input: &'a [u8]) -> Self {
        let mut found = Self::default();
        let mut rest = input.get(2..).unwrap_or_default();
        for _ in 0..MAX_SEGMENTS {
            // Fill bytes may precede a marker, and careless programs leave other bytes too.
            let Some(at) = rest.iter().take(MAX_GAP).position(|byte| *byte == 0xff) else {
                break;
            };
            rest = &rest[at..];
            let fill = rest.iter().take_while(|byte| **byte == 0xff).count();
            let Some(marker) = rest.get(fill).copied() else {
                break;
            };
            rest = &rest[fill + 1..];
            if matches!(marker, 0x00 | 0x01 | 0xd0..=0xd8) {
                continue;
            }
            if matches!(marker, 0xd9 | 0xda) {
                break;
            }
            let Some(length) = rest.first_chunk().map(|two| u16::from_be_bytes(*two)) else {
                break;
            };
            let end = usize::from(length).max(2).min(rest.len());
            found.take(marker, &rest[2.min(end)..end]);
            rest = &rest[end..];
        }
        found
    }

    fn take(&mut self, marker: u8, body: &'a [u8]) {
        match marker {
            // Frame headers; the gaps in the row are tables.
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                if let Some([_, h1, h2, w1, w2]) = body.first_chunk() {
                    let edge = |high: &u8, low: &u8| u32::from(u16::from_be_bytes([*high, *low]));
                    self.size.get_or_insert((edge(w1, w2), edge(h1, h2)));
                    self.progressive |= marker & 3 == 2;
                    self.lossless |= marker & 3 == 3;
                }
            }
            0xe1 => self.take_app1(body),
            0xe2 => {
                if let Some([number, _, profile @ ..]) = body.strip_prefix(b"ICC_PROFILE\0") {
                    self.icc.push((*number, profile));
                }
            }
            0xed => {
                if let Some(resources) = body.strip_prefix(b"Photoshop 3.0\0") {
                    self.photoshop.push(resources);
                }
            }
            _ => {}
        }
    }

    fn take_app1(&mut self, body: &'a [u8]) {
        if let Some(tiff) = body.strip_prefix(b"Exif\0\0") {
            self.exif.get_or_insert(tiff);
        } else if let Some(packet) = body.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0") {
            self.xmp.get_or_insert(packet);
        } else if let Some(part) = body.strip_prefix(b"http://ns.adobe.com/xmp/extension/\0") {
            // A digest of 32 characters, the full length, the offset of this part, the part.
            if let Some(offset) = part.get(36..40).and_then(|four| four.first_chunk()) {
                let offset = u32::from_be_bytes(*offset);
                self.extended_xmp.push((offset, &part[40..]));
            }
        }
    }

    /// The colour profile, put together.
    pub(crate) fn icc(&self) -> Option<Vec<u8>> {
        let mut parts = self.icc.clone();
        parts.sort_by_key(|(number, _)| *number);
        let profile: Vec<u8> = parts
            .iter()
            .flat_map(|(_, part)| part.iter().copied())
            .collect();
        (!profile.is_empty()).then_some(profile)
    }

    /// The extended XMP packet, put together.
    pub(crate) fn extended_xmp(&self) -> Option<Vec<u8>> {
        let mut parts = self.extended_xmp.clone();
        parts.sort_by_key(|(offset, _)| *offset);
        let packet: Vec<u8> = parts
            .iter()
            .flat_map(|(_, part)| part.iter().copied())
            .collect();
        (!packet.is_empty()).then_some(packet)
    }

    /// The Photoshop image resources, put together: a long list is cut over several segments.
    pub(crate) fn photoshop(&self) -> Option<Vec<u8>> {
        (!self.photoshop.is_empty()).then(|| self.photoshop.concat())
    }
}
