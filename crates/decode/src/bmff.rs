//! Boxes of the ISO base media file format (ISO/IEC 14496-12 §4.2), also used by JPEG 2000.

/// Boxes looked at in one container.
const MAX_BOXES: usize = 4096;

/// One box.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Boxed<'a> {
    /// The four-character type.
    pub(crate) kind: [u8; 4],
    /// Everything behind the header.
    pub(crate) body: &'a [u8],
}

/// The boxes that lie one behind another in `bytes`; one that claims more than is there ends them.
pub(crate) fn boxes(bytes: &[u8]) -> impl Iterator<Item = Boxed<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (header, behind) = rest.split_first_chunk::<8>()?;
        let [a, b, c, d, kind @ ..] = *header;
        let (start, size) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (8, rest.len()),
            1 => {
                let long = u64::from_be_bytes(*behind.first_chunk()?);
                (16, usize::try_from(long).ok()?)
            }
            size => (8, size as usize),
        };
        let body = rest.get(start..size.min(rest.len()))?;
        rest = rest.get(size..).unwrap_or_default();
        Some(Boxed { kind, body })
    })
    .take(MAX_BOXES)
}

/// The first box of a type.
pub(crate) fn find<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    boxes(bytes)
        .find(|found| &found.kind == kind)
        .map(|found| found.body)
}

/// The content of the first `uuid` box of a user type.
pub(crate) fn find_uuid<'a>(bytes: &'a [u8], id: &[u8; 16]) -> Option<&'a [u8]> {
    boxes(bytes)
        .filter(|found| &found.kind == b"uuid")
        .find_map(|found| found.body.strip_prefix(id))
}

/// User type of a box that holds an XMP packet (XMP part 3 §1.2.7.1).
pub(crate) const XMP_UUID: [u8; 16] = [
    0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac,
];

#[cfg(test)]
mod tests;
