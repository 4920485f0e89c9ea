//! Canon CRW: a heap of records ("The Camera Image File Format Specification", 1.0 revision 4).
//! Its records are read for what other formats state in EXIF.

use domain::LocalTime;

use crate::metadata::{Carriers, text};

/// Sub-heaps lie in heaps; real files have two levels.
const MAX_DEPTH: usize = 4;
const MAX_RECORDS: usize = 1000;

const MAKE_AND_MODEL: u16 = 0x080a;
const CAPTURED: u16 = 0x180e;
const IMAGE_INFO: u16 = 0x1810;

pub(super) fn carriers(input: &[u8]) -> Carriers {
    let mut found = Carriers::default();
    let little = input.starts_with(b"II");
    let start = Reader {
        bytes: input,
        little,
    }
    .u32(2);
    if let Some(heap) = start.and_then(|start| input.get(start as usize..)) {
        walk(
            Reader {
                bytes: heap,
                little,
            },
            MAX_DEPTH,
            &mut found,
        );
    }
    found
}

/// Visits the records of a heap; its directory is at the offset in its last four bytes.
fn walk(heap: Reader<'_>, depth: usize, found: &mut Carriers) {
    let Some(directory) = heap.bytes.len().checked_sub(4).and_then(|at| heap.u32(at)) else {
        return;
    };
    let at = directory as usize;
    let count = usize::from(heap.u16(at).unwrap_or(0)).min(MAX_RECORDS);
    for record in (0..count).map(|index| at + 2 + index * 10) {
        let Some(kind) = heap.u16(record) else { return };
        let body = if kind & 0xc000 == 0x4000 {
            heap.bytes.get(record + 2..record + 10)
        } else {
            heap.u32(record + 2)
                .zip(heap.u32(record + 6))
                .and_then(|(size, offset)| {
                    let start = offset as usize;
                    heap.bytes.get(start..start.checked_add(size as usize)?)
                })
        };
        let Some(bytes) = body else { continue };
        let body = Reader { bytes, ..heap };
        // Types 0x28 and 0x30 are heaps again.
        if matches!(kind & 0x3800, 0x2800 | 0x3000) {
            if depth > 0 {
                walk(body, depth - 1, found);
            }
        } else {
            take(kind & 0x3fff, &body, found);
        }
    }
}

fn take(kind: u16, body: &Reader<'_>, found: &mut Carriers) {
    let stated = &mut found.stated;
    match kind {
        MAKE_AND_MODEL => {
            let mut words = body.bytes.splitn(2, |byte| *byte == 0);
            stated.camera.make = words.next().and_then(text::from_bytes);
            stated.camera.model = words.next().and_then(text::from_bytes);
        }
        CAPTURED => stated.captured = body.u32(0).and_then(wall_time),
        IMAGE_INFO => {
            found.size = body.u32(0).zip(body.u32(4));
            stated.orientation = body.u32(12).and_then(|degrees| match degrees {
                90 => Some(6),
                180 => Some(3),
                270 => Some(8),
                _ => None,
            });
        }
        _ => {}
    }
}

/// Seconds since 1970 by the camera's clock, which knows no zone.
fn wall_time(seconds: u32) -> Option<LocalTime> {
    let instant = jiff::Timestamp::from_second(i64::from(seconds)).ok()?;
    let wall = jiff::tz::Offset::UTC.to_datetime(instant);
    (seconds > 0).then(|| LocalTime {
        local: wall.to_string(),
        offset_minutes: None,
        source: "ciff:CapturedTime".to_owned(),
    })
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl Reader<'_> {
    fn u16(&self, at: usize) -> Option<u16> {
        let two = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.little {
            u16::from_le_bytes(two)
        } else {
            u16::from_be_bytes(two)
        })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let four = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.little {
            u32::from_le_bytes(four)
        } else {
            u32::from_be_bytes(four)
        })
    }
}
