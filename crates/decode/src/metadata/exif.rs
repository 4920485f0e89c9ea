//! EXIF 2.32 (CIPA DC-008): what cameras write.

use domain::{Camera, LocalTime, Place};

use super::carriers::ExifBlock;
use super::{gps, text, when};
use crate::tiff::{Directory, Tiff, tag};

const OFFSET_TIME: u16 = 0x9010;

/// What the directories of one EXIF block say.
#[derive(Debug, Default)]
pub(super) struct Exif {
    pub(super) orientation: Option<u8>,
    /// DateTimeOriginal.
    pub(super) original: Option<LocalTime>,
    /// DateTimeDigitized.
    pub(super) digitized: Option<LocalTime>,
    /// GPSDateStamp and GPSTimeStamp, UTC.
    pub(super) satellite: Option<LocalTime>,
    /// DateTime: when the file was last changed.
    pub(super) changed: Option<LocalTime>,
    pub(super) place: Option<Place>,
    pub(super) camera: Camera,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) keywords: Vec<String>,
    pub(super) rating: Option<u8>,
}

/// Reads one block; `None` when it is not one.
pub(super) fn read(block: &ExifBlock) -> Option<Exif> {
    match block {
        ExifBlock::Whole(bytes) => {
            let tiff = Tiff::open(bytes)?;
            let main = tiff.first()?;
            let child = |tag| main.number(tag).and_then(|at| tiff.directory(at));
            let exif = child(tag::EXIF_IFD).unwrap_or_default();
            let gps = child(tag::GPS_IFD).unwrap_or_default();
            Some(from_directories(&main, &exif, &gps))
        }
        ExifBlock::Apart { main, exif, gps } => {
            let first = |bytes| Tiff::open(bytes).and_then(|tiff| tiff.first());
            let main = first(main)?;
            let exif = first(exif).unwrap_or_default();
            let gps = first(gps).unwrap_or_default();
            Some(from_directories(&main, &exif, &gps))
        }
    }
}

fn from_directories(main: &Directory<'_>, exif: &Directory<'_>, gps: &Directory<'_>) -> Exif {
    Exif {
        orientation: main
            .number(0x0112)
            .and_then(|value| u8::try_from(value).ok())
            .filter(|value| (1..=8).contains(value)),
        original: time(
            exif,
            main,
            [0x9003, 0x9291, 0x9011],
            "exif:DateTimeOriginal",
        ),
        digitized: time(exif, main, [0x9004, 0x9292, 0x9012], "exif:CreateDate"),
        satellite: satellite_time(gps),
        changed: time(main, exif, [0x0132, 0x9290, 0x9010], "exif:ModifyDate"),
        place: gps::from_directory(gps),
        camera: camera(main, exif),
        title: wide(main, 0x9c9b),
        description: ascii(main, 0x010e)
            .filter(|text| !is_boilerplate(text))
            .or_else(|| comment(exif))
            .or_else(|| wide(main, 0x9c9c))
            .or_else(|| wide(main, 0x9c9f)),
        keywords: wide(main, 0x9c9e)
            .map(|words| words.split(';').filter_map(text::clean).collect())
            .unwrap_or_default(),
        rating: main
            .number(0x4746)
            .and_then(|stars| u8::try_from(stars).ok())
            .filter(|stars| *stars <= 5),
    }
}

fn camera(main: &Directory<'_>, exif: &Directory<'_>) -> Camera {
    let first = |tag| {
        let entry = exif.find(tag).or_else(|| main.find(tag))?;
        let value = entry.rationals().first().copied().flatten()?;
        (value.is_finite() && value > 0.0).then_some(value)
    };
    Camera {
        make: ascii(main, 0x010f),
        model: ascii(main, 0x0110),
        lens: ascii(exif, 0xa434),
        iso: first(0x8827)
            // 65535 stands for "more, see the next tag" (EXIF 2.3).
            .filter(|iso| *iso < 65535.0)
            .or_else(|| first(0x8832))
            .or_else(|| first(0x8833))
            .map(|iso| iso as u32),
        aperture: first(0x829d),
        exposure: first(0x829a),
        focal_length: first(0x920a),
    }
}

/// Facts of `better`, and where it has none, those of `other`.
pub(super) fn fill(better: Camera, other: Camera) -> Camera {
    Camera {
        make: better.make.or(other.make),
        model: better.model.or(other.model),
        lens: better.lens.or(other.lens),
        iso: better.iso.or(other.iso),
        aperture: better.aperture.or(other.aperture),
        exposure: better.exposure.or(other.exposure),
        focal_length: better.focal_length.or(other.focal_length),
    }
}

/// A date with its fractions and offset. DNG and TIFF/EP keep EXIF tags in the main directory.
fn time(
    first: &Directory<'_>,
    second: &Directory<'_>,
    [date, fraction, offset]: [u16; 3],
    source: &str,
) -> Option<LocalTime> {
    let read = |tag| ascii(first, tag).or_else(|| ascii(second, tag));
    when::from_exif(
        &read(date)?,
        read(fraction).as_deref(),
        // Some write only the offset of the last change, from the same clock.
        read(offset).or_else(|| read(OFFSET_TIME)).as_deref(),
        source,
    )
}

/// UTC by the satellites: the instant of the fix, which may be older than the picture.
fn satellite_time(gps: &Directory<'_>) -> Option<LocalTime> {
    let date = ascii(gps, 0x001d)?;
    let clock = gps.find(0x0007)?.rationals();
    let part = |index: usize| clock.get(index).copied().flatten();
    let (hour, minute, second) = (part(0)? as u8, part(1)? as u8, part(2)? as u8);
    let text = format!("{date} {hour:02}:{minute:02}:{second:02}");
    when::from_exif(&text, None, Some("Z"), "exif:GPSDateTime")
}

fn ascii(directory: &Directory<'_>, tag: u16) -> Option<String> {
    text::from_bytes(directory.find(tag)?.bytes())
}

fn wide(directory: &Directory<'_>, tag: u16) -> Option<String> {
    text::from_utf16(directory.find(tag)?.bytes())
}

/// UserComment, if it says that it is ASCII; the other encodings are rarely what they claim.
fn comment(exif: &Directory<'_>) -> Option<String> {
    text::from_bytes(exif.find(0x9286)?.bytes().strip_prefix(b"ASCII\0\0\0")?)
}

/// What cameras put where a description belongs.
fn is_boilerplate(text: &str) -> bool {
    const BOILERPLATE: &[&str] = &[
        "SONY DSC",
        "OLYMPUS DIGITAL CAMERA",
        "MINOLTA DIGITAL CAMERA",
        "KONICA MINOLTA DIGITAL CAMERA",
        "PENTAX DIGITAL CAMERA",
        "SAMSUNG DIGITAL CAMERA",
        "DIGITAL CAMERA",
        "Exif_JPEG_PICTURE",
    ];
    BOILERPLATE.contains(&text)
}
